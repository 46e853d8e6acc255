/**
 * `eslint-disable` needs the rules it silences by name and a reason after `--`. So an exception, such as an `as` at an
 * edge where bytes have just been checked, says why it is one.
 */
export const reasonForDisable = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { reason: 'Say which rule is disabled and why: {{form}} rule -- reason' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const [form] = /^\s*eslint-disable(-next-line|-line)?(?=\s|$)/.exec(comment.value) ?? [];
          if (form && !/^\s*eslint-disable\S*\s+[@\w].*?\s--\s+\S/s.test(comment.value)) {
            context.report({ loc: beforeLine(comment), messageId: 'reason', data: { form: form.trim() } });
          }
        }
      },
    };
  },
};

/** A place that the comment itself does not silence: it takes effect from its line's first column on. */
function beforeLine({ loc: { start } }) {
  return { line: start.line, column: -1 };
}
