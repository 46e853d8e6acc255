import { DomainError } from '#core';

/** Fewest and most characters of a password; NIST SP 800-63B asks for 8 and allows any upper bound from 64. */
const PASSWORD_LENGTH_MIN = 12;
const PASSWORD_LENGTH_MAX = 256;

/**
 * Spells a password in one way (NFKC), so that it works from every keyboard. Undefined for a text that is too long to
 * be a password: normalising it would be work for an attacker.
 */
export function normalizePassword(password: string): string | undefined {
  return password.length > RAW_LENGTH_MAX ? undefined : password.normalize('NFKC');
}

/**
 * The normalised form of a password that somebody wants to have.
 *
 * @throws DomainError `invalid_argument` that says what is wrong with it, without repeating it
 */
export function checkNewPassword(password: string, person: { email: string; name: string }): string {
  const normalized = normalizePassword(password);
  const length = normalized === undefined ? Infinity : [...normalized].length;
  if (normalized === undefined || length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) {
    throw refused(`must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`);
  }
  const folded = normalized.toLowerCase();
  if (wordsOf(person).some((word) => folded.includes(word))) {
    throw refused('must not contain your name or e-mail address');
  }
  if (isCommon(folded)) throw refused('is one of those that are guessed first; several unrelated words are better');
  return normalized;
}

function refused(reason: string): DomainError {
  return new DomainError('invalid_argument', `The password ${reason}. Choose another one.`);
}

/** UTF-16 units of a text that can still be a password: a character may take several before NFKC joins them. */
const RAW_LENGTH_MAX = 1024;

/** Shorter words ("ann") are inside of many harmless passwords. */
const WORD_LENGTH_MIN = 4;

function wordsOf({ email, name }: { email: string; name: string }): string[] {
  const [local = ''] = email.split('@');
  const words = [email, local, ...local.split(/[._+-]/), ...name.split(/\s+/)];
  return words
    .map((word) => word.normalize('NFKC').toLowerCase())
    .filter((word) => [...word].length >= WORD_LENGTH_MIN);
}

/** Whether a password is a common word with digits and signs about it, or one piece repeated. */
function isCommon(folded: string): boolean {
  const core = folded.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
  return core === '' ? isPlain(folded) : COMMON.has(core) || COMMON.has(unleet(core)) || isPlain(folded);
}

/** One to six characters over and over, or a walk along the alphabet or the digits. */
function isPlain(folded: string): boolean {
  return isPeriodic(folded) || WALKS.some((walk) => walk.includes(folded));
}

function isPeriodic(text: string): boolean {
  return [1, 2, 3, 4, 5, 6].some((period) => text === text.slice(0, period).padEnd(text.length, text.slice(0, period)));
}

function unleet(text: string): string {
  return text.replace(/[0134@5$7!]/g, (sign) => LEET[sign] ?? sign);
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '!': 'i',
};

const DIGITS = '01234567890123456789012345678901234567890';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const WALKS = [
  DIGITS,
  reversed(DIGITS),
  LETTERS,
  reversed(LETTERS),
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** Words that lead the published lists of leaked passwords, without the digits and signs about them. */
const COMMON: ReadonlySet<string> = new Set(
  `password passwords passwort passw mypassword yourpassword thepassword newpassword changeme changemenow letmein
  letmeinnow welcome welcomeback administrator admin adminadmin root superuser superadmin qwerty qwertyuiop
  qwertzuiop azertyuiop qwertyqwerty asdfghjkl asdfghjklzxcv zxcvbnm qazwsxedc qazwsxedcrfv iloveyou iloveyousomuch
  iloveyouforever sunshine princess football basketball baseball superman batman pokemon starwars trustno monkey dragon
  master shadow michael jennifer jordan hunter computer internet whatever correcthorsebatterystaple thequickbrownfox
  secret secretpassword topsecret abcdefgh abcdefghijkl abcabc test testtest testing testpassword default
  defaultpassword temporary temppassword guest guestguest login loginlogin access nopassword manchesterunited
  liverpool chelseafc clipasservice`.split(/\s+/),
);
