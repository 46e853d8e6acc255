/** Widest line of a comment, in columns: the same as prettier's for code, which leaves comments as they are. */
const COLUMNS_MAX = 120;

/**
 * A line of a comment ends at column 120. A line that cannot be wrapped may be longer: a directive of ESLint (it takes
 * effect on one line only) and a single long word such as a URL.
 */
export const commentWidth = {
  meta: {
    type: 'layout',
    schema: [],
    messages: { width: `Wrap the comment at ${COLUMNS_MAX} columns; this line has {{columns}}.` },
  },
  create(context) {
    return {
      Program() {
        const { lines } = context.sourceCode;
        for (const comment of context.sourceCode.getAllComments()) {
          if (/^\s*(eslint|@ts-)/.test(comment.value)) continue;
          const { start, end } = comment.loc;
          for (let line = start.line; line <= end.line; line += 1) {
            const text = lines[line - 1] ?? '';
            const columns = line === end.line ? end.column : text.length;
            if (columns <= COLUMNS_MAX || isOneWord(text)) continue;
            context.report({ loc: { line, column: COLUMNS_MAX }, messageId: 'width', data: { columns } });
          }
        }
      },
    };
  },
};

function isOneWord(text) {
  return /^\s*(\/\/|\/?\*+)?\s*\S+$/.test(text);
}
