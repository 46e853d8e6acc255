/* global document, fetch, FormData, history, HTMLElement, location, navigator */

/** What a failure of single sign-on is called here: the address bar carries its code only. */
const SIGN_ON_PROBLEMS = {
  permission_denied:
    'Single sign-on did not let you in. Ask an owner or admin to invite your address, or for a reset link if you have come in before.',
  not_found: 'Single sign-on is not set up here.',
  unavailable: 'The provider of single sign-on cannot be reached. Try again in a moment.',
};

const HOUR_MS = 3_600_000;

/** How long the old secret of a token works after a rotation: time to bring the new one everywhere. */
const GRACE_MS = 24 * HOUR_MS;

let csrfToken = '';

/** Calls the API; resolves with what it answers, rejects with its words for people. */
async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrfToken === '' ? {} : { 'x-csrf-token': csrfToken }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error('The server cannot be reached. Try again in a moment.');
  });
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const failure = new Error(answer?.error?.message ?? `The server answered ${response.status}.`);
  failure.status = response.status;
  throw failure;
}

function one(selector) {
  return document.querySelector(selector);
}

function show(selector, text) {
  const element = one(selector);
  if (text !== undefined) element.textContent = text;
  element.hidden = text === '';
  return element;
}

/** Runs `work` with the button held, and shows why it failed. */
async function attempt(button, work) {
  show('.problem', '');
  button.disabled = true;
  try {
    await work();
  } catch (err) {
    if (err.status === 401 && document.body.dataset.page === 'home') location.assign('/login');
    else show('.problem', err.message).focus();
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) focusAfter(button);
  }
}

/** A button that was held, or whose row is gone, has lost the focus: whoever uses the keyboard goes on from there. */
function focusAfter(button) {
  if (button.isConnected) button.focus();
  else one('#tokens-title')?.focus();
}

function onSubmit(work) {
  const form = one('form:not([method])');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(form.querySelector('button'), () => work(new FormData(form), form));
  });
}

/** The secret of the link, taken out of the address bar so that it does not stay in the history. */
function takeSecret() {
  const secret = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  if (secret === '') show('.problem', 'The link is not complete. Copy the whole of it into the address bar.');
  return secret;
}

function passwordOf(data) {
  if (data.get('password') !== data.get('repeated')) throw new Error('The two passwords differ.');
  return data.get('password');
}

function setupPage() {
  const secret = takeSecret();
  onSubmit(async (data) => {
    const password = passwordOf(data);
    await call('POST', '/api/setup', { secret, email: data.get('email'), name: data.get('name'), password });
    location.assign('/');
  });
}

function passwordPage() {
  const secret = takeSecret();
  onSubmit(async (data) => {
    await call('POST', '/api/links/accept', { secret, password: passwordOf(data) });
    location.assign('/login#saved');
  });
}

async function loginPage() {
  const [hash, problem] = location.hash.slice(1).split('=');
  history.replaceState(null, '', location.pathname);
  if (hash === 'saved') show('.notice', 'Your password is saved. Log in with it.');
  if (hash === 'problem') show('.problem', SIGN_ON_PROBLEMS[problem] ?? 'Single sign-on failed. Try again.');
  onSubmit(async (data) => {
    await call('POST', '/api/session', { email: data.get('email'), password: data.get('password') });
    location.assign('/');
  });
  const { needed } = await call('GET', '/api/setup');
  if (needed) show('.notice', 'There is no account yet: the log of the service has the link to set it up.');
  const { enabled, name } = await call('GET', '/api/oidc');
  if (enabled) show('#sign-on', `Log in with ${name}`);
}

async function homePage() {
  const me = await call('GET', '/api/session').catch((err) => {
    if (err.status === 401) location.assign('/login');
    throw err;
  });
  csrfToken = me.csrfToken;
  const may = (permission) => me.permissions.includes(permission);
  one('#who').textContent = `${me.account.name} (${me.role})`;
  one('#create').hidden = !may('tokens:write-own');
  one('#admin-scope').hidden = !may('tokens:write');
  const tokens = tokenTable(me.account.id, may('tokens:write-own'));
  one('#log-out').addEventListener('click', (event) =>
    attempt(event.currentTarget, async () => {
      await call('DELETE', '/api/session');
      location.assign('/login');
    }),
  );
  one('#copy').addEventListener('click', copyIssued);
  onSubmit(async (data, form) => {
    const days = data.get('days');
    const wishes = { name: data.get('name'), scopes: data.getAll('scopes') };
    const issued = await call('POST', '/api/tokens', { ...wishes, expiresInDays: days === '' ? null : Number(days) });
    form.reset();
    showIssued(issued.token);
    await tokens.load();
  });
  await tokens.load();
}

function showIssued(token) {
  one('#issued-token').textContent = token;
  one('#copied').textContent = '';
  one('#issued').hidden = false;
  one('#issued').focus();
}

async function copyIssued() {
  try {
    await navigator.clipboard.writeText(one('#issued-token').textContent);
    one('#copied').textContent = 'Copied.';
  } catch {
    one('#copied').textContent = 'The browser does not allow it here: select the token and copy it.';
  }
}

/** The list of one's own tokens, with what can be done about each. */
function tokenTable(ownerId, isWritable) {
  const load = async () => {
    const { tokens } = await call('GET', `/api/tokens?owner=${encodeURIComponent(ownerId)}`);
    one('#tokens').hidden = tokens.length === 0;
    show(
      '#no-tokens',
      isWritable ? 'You have none yet.' : 'Your role looks at the service and has no tokens of its own.',
    );
    one('#no-tokens').hidden = tokens.length > 0;
    one('#tokens tbody').replaceChildren(...tokens.map(row));
  };
  const row = (token) => {
    const line = document.createElement('tr');
    const name = cell(token.name);
    name.append(document.createElement('br'), element('code', `${token.publicPart}…`));
    const lastUse = token.lastUsed === null ? 'never' : dateOf(token.lastUsed.atMs);
    const [scopes, expires, used] = [token.scopes.join(', '), dateOf(token.expiresAtMs), lastUse];
    line.append(name, cell(scopes, 'Scopes'), cell(expires, 'Expires'), cell(used, 'Last used'));
    const actions = cell('');
    if (isWritable) actions.append(rotateButton(token), revokeButton(token));
    line.append(actions);
    return line;
  };
  const rotateButton = (token) =>
    button('Rotate', `Rotate ${token.name}`, async () => {
      const text = `Give “${token.name}” a new secret? The present one works for 24 more hours.`;
      if (!(await isSure(text, 'Rotate'))) return;
      const issued = await call('POST', `/api/tokens/${token.id}/rotate`, { graceMs: GRACE_MS });
      showIssued(issued.token);
      await load();
    });
  const revokeButton = (token) =>
    button(
      'Revoke',
      `Revoke ${token.name}`,
      async () => {
        const text = `Revoke “${token.name}” for good? Programs that use it are refused from now on.`;
        if (!(await isSure(text, 'Revoke'))) return;
        await call('DELETE', `/api/tokens/${token.id}`);
        await load();
      },
      'quiet grave',
    );
  return { load };
}

function isSure(question, yes) {
  const dialog = one('dialog');
  one('#question').textContent = question;
  one('#answer-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((settle) => {
    const answer = () => {
      // The closed dialog keeps the focus for a moment, and the held button cannot take it back yet.
      dialog.querySelector(':focus')?.blur();
      settle(dialog.returnValue === 'yes');
    };
    dialog.addEventListener('close', answer, { once: true });
  });
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** `label` stands before the text where the screen is too narrow for the table's head. */
function cell(text, label) {
  const made = element('td', text);
  if (label !== undefined) made.dataset.label = label;
  return made;
}

function button(text, label, work, className = 'quiet') {
  const made = element('button', text);
  Object.assign(made, { type: 'button', className, ariaLabel: label });
  made.addEventListener('click', () => attempt(made, work));
  return made;
}

function dateOf(ms) {
  return ms === null ? 'never' : new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

const pages = { setup: setupPage, password: passwordPage, login: loginPage, home: homePage };

Promise.resolve(pages[document.body.dataset.page]?.()).catch((err) => {
  if (one('.problem') instanceof HTMLElement) show('.problem', err.message);
});
