/** What Windows-1252 has at 0x80 to 0x9f; five places are empty there and stay control characters. */
const UPPER = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** C1 control characters as the characters of Windows-1252 that they were meant to be, as browsers read them. */
export function windows1252(text: string): string {
  return text.replaceAll(/[\x80-\x9f]/g, (control) => UPPER.charAt(control.charCodeAt(0) - 0x80));
}
