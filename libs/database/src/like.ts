/**
 * Texts for `LIKE … ESCAPE '!'`, in which what somebody has typed stands for itself.
 *
 * @example query.andWhere("token.name LIKE :name ESCAPE '!'", { name: containing('50 %') });
 */
export function containing(text: string): string {
  return `%${escaped(text)}%`;
}

/** As `containing`, for what begins with `text`. */
export function beginningWith(text: string): string {
  return `${escaped(text)}%`;
}

function escaped(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}
