/** Callers that ask for one embedding after the other, each of another text, and remember every answer that is none. */
export class TextLoad {
  readonly failures: string[] = [];
  answered = 0;
  private goesOn = true;
  private asked = 0;
  private readonly callers: Promise<void>[];

  /** Begins at once. `url`: of the embeddings of the inference API. */
  constructor(
    private readonly url: string,
    callers = 3,
  ) {
    this.callers = Array.from({ length: callers }, () => this.ask());
  }

  /** Resolves when so many requests were answered, or one has failed. */
  async answers(count: number): Promise<void> {
    while (this.answered < count && this.failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 25));
  }

  async end(): Promise<void> {
    this.goesOn = false;
    await Promise.all(this.callers);
  }

  private async ask(): Promise<void> {
    while (this.goesOn) {
      const body = JSON.stringify({ input: `a photo of thing ${this.asked++}` });
      const answer = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).catch((err: unknown) => new Response(String(err), { status: 599 }));
      const text = await answer.text();
      if (answer.status === 200) this.answered += 1;
      else this.failures.push(text);
    }
  }
}
