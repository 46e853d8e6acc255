/** Somebody who is logged in, as a browser of theirs calls the admin API. */
export class Person {
  private constructor(
    readonly accountId: string,
    private readonly origin: string,
    private readonly cookies: readonly { name: string; value: string }[],
    private readonly csrfToken: string,
  ) {}

  /** Logs in (or sets up) by what is posted to `url`. */
  static async begin(url: string, body: object): Promise<Person> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { csrfToken: string; account: { id: string } };
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
    const cookies = response.headers.getSetCookie().map((line) => {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      return { name, value };
    });
    return new Person(answer.account.id, new URL(url).origin, cookies, answer.csrfToken);
  }

  /** What a browser needs to be logged in as this person. */
  cookiesFor(url: string): { name: string; value: string; url: string }[] {
    return this.cookies.map((cookie) => ({ ...cookie, url }));
  }

  /** Calls the admin API; rejects for all but 2xx. */
  async call<Answer = unknown>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        cookie: this.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        'x-csrf-token': this.csrfToken,
        origin: this.origin,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}
