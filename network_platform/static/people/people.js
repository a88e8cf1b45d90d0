// Passkeys, and the zone of this device. Pages work without it: a password, a code by mail or the app remain.
const bytes = s => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const named = list => list?.map(c => ({ ...c, id: bytes(c.id) }));

async function create({ publicKey: o }, alone) {
  const who = { ...o.user, id: bytes(o.user.id) };
  const wish = { ...o.authenticatorSelection, residentKey: alone ? 'required' : 'discouraged', requireResidentKey: alone };
  if (alone) wish.userVerification = 'required';
  const made = await navigator.credentials.create({ publicKey: { ...o, challenge: bytes(o.challenge), user: who, excludeCredentials: named(o.excludeCredentials), authenticatorSelection: wish } });
  const { clientDataJSON, attestationObject } = made.response;
  return plain(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports: made.response.getTransports?.() ?? [] });
}

async function get({ publicKey: o }) {
  const used = await navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return plain(used, { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
}

function plain(credential, response) {
  return { type: credential.type, id: credential.id, rawId: text(credential.rawId), authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: credential.getClientExtensionResults(), response };
}

async function ask(form) {
  const what = form.dataset.passkey;
  if (what === 'login') {
    const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    return get((await answer.json()).request_options);
  }
  const options = JSON.parse(document.getElementById('js_data').textContent);
  return what === 'create' ? create(options.creation_options, form.elements.passwordless?.checked ?? false) : get(options.request_options);
}

// Browsers give one answer, whether somebody cancelled or no key fits.
const trouble = document.querySelector('[data-trouble]');
function tell({ name }) {
  const unused = name === 'NotAllowedError' || name === 'AbortError', [unread, without] = trouble.querySelectorAll('p');
  unread.hidden = unused;
  without.hidden = !unused;
  trouble.parentNode.hidden = false;
  trouble.focus();
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    trouble.parentNode.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch (error) { tell(error); }
  });
}

for (const field of document.querySelectorAll('[data-own-zone]')) {
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
}

// No browser makes a passkey for a number; the machine itself has a name.
for (const note of document.querySelectorAll('[data-needs-name]')) {
  if (!/^[\d.]+$|:/.test(location.hostname)) continue;
  const link = note.querySelector('a'), there = new URL(location.href);
  there.hostname = 'localhost';
  link.href = there;
  link.textContent = there.origin;
  note.hidden = false;
}
