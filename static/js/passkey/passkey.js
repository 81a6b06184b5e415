// Adds a passkey, or signs in with one. A browser that cannot use passkeys shows the page as it does without scripts.

const isSupported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
const OLD = 4 * 60_000; // ms; the site takes an answer within five minutes

// Refused is what the site says about a request, for people to read.
class Refused extends Error {}

async function send(path, body, kind) {
  const answer = await fetch(path, { method: 'POST', body, headers: kind ? { 'Content-Type': kind } : {} });
  const said = await answer.json();
  if (answer.redirected || !answer.ok) throw new Refused(said.error);
  return said;
}

const finish = async (path, credential) => location.assign((await send(path, JSON.stringify(credential), 'application/json')).location);

function prepareAdding(form) {
  const button = form.querySelector('[type="submit"]');
  const error = form.querySelector('#form-error');
  const say = (sentence) => { error.textContent = sentence; };
  button.disabled = !isSupported;
  form.querySelector('.unsupported').hidden = isSupported;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say('');
    button.disabled = true;
    try {
      const { publicKey } = await send(form.action, new URLSearchParams(new FormData(form)));
      await finish(form.dataset.finish, await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) }));
    } catch (problem) {
      const { failed, exists } = form.dataset;
      say(problem instanceof Refused ? problem.message : problem.name === 'InvalidStateError' ? exists : failed);
    }
    button.disabled = false;
  });
}

function prepareSignIn(part) {
  const error = part.querySelector('[role="alert"]');
  const field = document.getElementById('login');
  const next = field.form.elements.next.value;
  let waiting; // what the browser waits for, with the time of its challenge

  // The browser offers passkeys in the field (conditional), or asks for one at once. One of the two runs at a time.
  async function ask(mediation) {
    waiting?.abort();
    const own = new AbortController();
    waiting = Object.assign(own, { at: Date.now() });
    let credential;
    try {
      const { publicKey } = await send('/passkeys/login/begin');
      if (own.signal.aborted) return;
      const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
      credential = await navigator.credentials.get({ publicKey: options, mediation, signal: own.signal });
      await finish(`/passkeys/login/finish?next=${encodeURIComponent(next)}`, credential);
    } catch (problem) {
      if (own.signal.aborted || (mediation === 'conditional' && !credential)) return; // nobody has asked for it
      error.textContent = problem instanceof Refused ? problem.message : part.dataset.failed;
      offer();
    }
  }

  async function offer() {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) ask('conditional');
  }

  part.hidden = false;
  part.querySelector('button').addEventListener('click', () => {
    error.textContent = '';
    ask('optional');
  });
  field.addEventListener('focus', () => waiting && Date.now() - waiting.at > OLD && offer());
  offer();
}

const form = document.getElementById('passkey');
const part = document.getElementById('passkey-sign-in');
if (form) prepareAdding(form);
if (part && isSupported) prepareSignIn(part);
