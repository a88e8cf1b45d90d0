// Saves forms with data-autosave as they are typed. What cannot be sent stays on the device and is sent later, once.
// A form with data-keeps has no draft on the server: what is typed stays on the device until the form is sent.
const WAIT = 800, PAUSES = [2, 5, 15, 30, 60], LATE = 8000, PATIENCE = 10000, HANGING = 30000;
const ICONS = { warn: 'M12 4L2.5 20h19zM12 10v4M12 17v.2', ok: 'M5 13l4 4L19 7', wait: 'M7 18a4.5 4.5 0 01-.5-9A6 6 0 0118 8.5a4.8 4.8 0 01-.5 9.5z', off: 'M3 3l18 18M7 18a4.5 4.5 0 01-.5-9M10 5a6 6 0 018 3.5 4.8 4.8 0 012.5 7.5' };
const SKIPPED = new Set(['csrfmiddlewaretoken', 'version', 'seen', 'unheard']), UNTYPED = /^(hidden|file|button|submit|reset|image|fieldset)$/;
const WAITING = 1, READY = 2, GONE = 3;

const newId = () => crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
const el = (name, text, attributes = {}) => { const node = Object.assign(document.createElement(name), attributes); if (text) node.textContent = text; return node; };
const drawn = shape => document.createRange().createContextualFragment(`<svg viewBox="0 0 24 24" class="i" aria-hidden="true"><path d="${shape}"/></svg>`);

const pairs = seen => new Map((seen ?? '').split(' ').filter(Boolean).map(pair => pair.split(':')));
const listed = value => [].concat(value ?? []).map(String);
const plain = list => list.filter(Boolean).sort().join('\n').replaceAll('\r\n', '\n').trim();

class Autosave {
  constructor(form) {
    this.form = form;
    this.alone = !form.dataset.autosave;
    this.line = form.querySelector('[data-saved]') ?? document.querySelector('[data-saved]');
    this.words = this.line?.dataset ?? {};
    this.key = `kept:${form.dataset.key}#`; // each tab keeps its own copy, under its own id
    this.slot = this.key + newId();
    this.tries = 0;
    this.clashes = new Map();
    this.newer = new Map(); // what others wrote into fields that were not touched here: {values, showed, digest} by name
    this.sent = this.text();
    this.came = new URLSearchParams(this.sent);
    form.addEventListener('input', event => { this.answered(event.target); this.changed(); });
    form.addEventListener('change', event => { this.answered(event.target); this.changed(); });
    form.addEventListener('submit', event => this.submitting(event));
    form.addEventListener('unsent', event => { if (this.words.missed) { event.preventDefault(); this.unsent(event.detail); } });
    form.addEventListener('formdata', ({ formData }) => this.pending?.unheard?.forEach(text => formData.append('unheard', text)));
    form.addEventListener('focusout', () => { if (this.newer.size) setTimeout(() => this.refresh()); });
    addEventListener('pageshow', event => { if (event.persisted) this.shownAgain(); });
    addEventListener('online', () => { if (!this.waits()) this.reached(); this.send(); });
    addEventListener('offline', () => { if (this.waits()) this.missing('offline'); });
    addEventListener('beforeunload', event => { if (this.homeless && !this.going && this.waits()) event.preventDefault(); });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.flush(); else this.send(); });
    document.querySelectorAll(`[data-forgets="${form.dataset.key}"]`).forEach(link => link.addEventListener('click', () => this.forget()));
    if (form.dataset.wrong) this.say('off', form.dataset.wrong, ICONS.warn);
    this.replay();
  }

  // ---- what is in the form ----
  body() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === 'string') body.append(name, value);
    return body;
  }
  text() { const body = this.body(); SKIPPED.forEach(name => body.delete(name)); return body.toString(); }
  controls(name) { return [...this.form.elements].filter(control => control.name === name && !UNTYPED.test(control.type)); }
  values(name) { return this.body().getAll(name); }
  fill(name, values) {
    for (const control of this.controls(name)) {
      if (/^(radio|checkbox)$/.test(control.type)) control.checked = values.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
      else control.value = values[0] ?? '';
      control.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  fillAll(text) {
    const body = new URLSearchParams(text);
    for (const { name, type, multiple } of [...this.form.elements]) if (name && (body.has(name) || multiple || /^(radio|checkbox)$/.test(type))) this.fill(name, body.getAll(name));
  }
  get version() { return this.form.elements.version?.value ?? ''; }
  set version(number) { if (this.form.elements.version && number !== undefined) this.form.elements.version.value = number; }
  get seen() { return this.form.elements.seen?.value; } // what this page showed in each field before anything was typed here: "name:digest name:digest"
  set seen(text) { if (this.form.elements.seen && text !== undefined) this.form.elements.seen.value = text; }
  hasSeen(digests) { this.seen = [...new Map([...pairs(this.seen), ...digests])].map(pair => pair.join(':')).join(' '); }
  basedOn({ version, seen = '' }) { [this.version, this.seen] = [version, seen]; }
  waits() { return Boolean(this.pending) || this.text() !== this.sent; }

  // ---- the copy on the device: {pending: {id, text, version, seen, unheard}, text, version, seen}: the save under way and the newest text ----
  keep() {
    this.homeless = false;
    try {
      if (this.waits()) localStorage.setItem(this.slot, JSON.stringify({ pending: this.pending, text: this.text(), version: this.version, seen: this.seen }));
      else localStorage.removeItem(this.slot);
    } catch { this.homeless = true; } // storage is off or full
  }
  replay() {
    let slot, kept = null;
    try {
      slot = Object.keys(localStorage).find(key => key.startsWith(this.key));
      kept = JSON.parse(localStorage.getItem(slot));
    } catch { /* nothing readable */ }
    if (!kept) return;
    this.pending = kept.pending;
    if (kept.text !== this.text()) { this.quiet = true; this.fillAll(kept.text); this.quiet = false; this.basedOn(kept); this.unfold(); }
    if (this.alone) this.sent = null; // kept until a page says that it was taken, also when the form comes back with mistakes
    else if (!this.pending && kept.text !== this.sent) this.pending = { id: newId(), text: kept.text, version: kept.version, seen: kept.seen };
    this.keep();
    if (!this.homeless) localStorage.removeItem(slot);
    this.send();
  }

  unfold() { // nothing is sent along unseen
    for (const fold of this.form.querySelectorAll('details')) fold.open ||= [...fold.querySelectorAll('textarea')].some(text => text.value !== text.defaultValue);
  }
  forget() { // the link leads to what the server has
    this.pending = null;
    this.sent = this.text();
    this.keep();
  }

  // ---- sending ----
  // `unheard`: what was sent and has had no answer. It may be saved or not; by it nobody meets the words of the same page as another's.
  save(unheard) { return { id: newId(), text: this.text(), version: this.version, seen: this.seen, unheard }; }
  changed() {
    if (this.quiet) return;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }
  flush() {
    clearTimeout(this.timer);
    this.keep();
    return this.send();
  }
  async send() {
    if (this.alone || this.stopped || this.busy || this.going === GONE || this.clashes.size || !this.waits()) return;
    clearTimeout(this.again);
    this.pending ??= this.save();
    this.keep();
    this.busy = true;
    this.say('wait', this.words.saving);
    const late = setTimeout(() => this.missing('trouble'), LATE); // a network may be up and lead nowhere
    const asked = this.pending, answer = await this.ask(asked);
    clearTimeout(late);
    this.busy = false;
    if (this.pending === asked) await this.understand(answer);
  }
  get token() { return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? this.form.elements.csrfmiddlewaretoken?.value ?? ''; } // signing in elsewhere changes it
  async ask(pending) {
    const body = new URLSearchParams(pending.text);
    body.set('version', pending.version);
    if (pending.seen) body.set('seen', pending.seen);
    pending.unheard?.forEach(text => body.append('unheard', text));
    const hanging = new AbortController(); // older browsers have no AbortSignal.timeout
    setTimeout(() => hanging.abort(), HANGING);
    try {
      const response = await fetch(this.form.dataset.autosave, {
        method: 'POST', body, redirect: 'manual', keepalive: pending.text.length < 60000, signal: hanging.signal,
        headers: { 'X-Autosave': '1', 'X-Save-Id': pending.id, 'X-CSRFToken': this.token, Accept: 'application/json' },
      });
      const said = response.ok || response.status === 409 ? await response.json() : {};
      return { status: response.type === 'opaqueredirect' ? 401 : response.status, said };
    } catch { return { status: 0, said: {} }; }
  }
  async understand({ status, said }) {
    if (status === 200) return this.taken(said);
    if (status === 409) return this.clash(said);
    this.keep();
    if (status === 403 || status === 404) { this.stopped = true; return this.say('off', this.words.refused, ICONS.warn); }
    this.missing({ 0: 'offline', 401: 'signedOut' }[status] ?? 'trouble');
    this.again = setTimeout(() => this.send(), PAUSES[Math.min(this.tries++, PAUSES.length - 1)] * 1000);
  }
  taken({ version, saved_at: at, when, wrong, words, seen, theirs = {} }) {
    const showed = new URLSearchParams(this.sent = this.pending.text), digests = pairs(seen);
    this.pending = null;
    this.newer.clear();
    this.tries = 0;
    for (const [name, value] of Object.entries(theirs)) {
      this.newer.set(name, { values: listed(value), showed: showed.getAll(name), digest: digests.get(name) });
      digests.delete(name);
    }
    this.hasSeen(digests);
    this.latest = version;
    this.refresh();
    this.keep();
    if (wrong) this.mark(wrong);
    if (this.waits()) return this.send();
    if (!this.reached()) this.missed?.remove(); // whoever goes on writing has read it
    if (words) return this.say('off', words, ICONS.warn);
    if (when) return this.say('ok', this.words.done?.replace('{time}', when));
    const hour = new Date(at ?? Date.now()).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: this.words.zone || undefined, timeZoneName: 'short' });
    this.say('ok', this.words.done?.replace('{time}', hour.replace('GMT', 'UTC')));
  }

  // ---- what the page came with as a mistake goes as soon as its field says something else; the summary stays ----
  answered(control) {
    if (!control.name || plain(this.values(control.name)) === plain(this.came.getAll(control.name))) return;
    for (const holder of [control, control.closest('fieldset')]) {
      const ids = holder?.getAttribute('aria-describedby')?.split(' ').filter(id => id.endsWith('_error')) ?? [];
      for (const id of ids) this.unmark(document.getElementById(id), id);
    }
  }
  unmark(note, id = note.id) {
    this.form.querySelectorAll(`[aria-describedby~="${id}"]`).forEach(control => {
      const others = control.getAttribute('aria-describedby').split(' ').filter(one => one && one !== id).join(' ');
      if (others) control.setAttribute('aria-describedby', others); else control.removeAttribute('aria-describedby');
      control.removeAttribute('aria-invalid');
    });
    note?.remove();
  }

  // ---- saved, but for the answers that the server could not take: each says why, at its field ----
  mark(wrong) {
    this.form.querySelectorAll('[data-live]').forEach(note => this.unmark(note));
    for (const [name, words] of Object.entries(wrong)) {
      const first = this.controls(name)[0], field = first?.closest('.field, .crit');
      if (!field || field.querySelector('.err')) continue; // the page has said so already
      const note = el('p', '', { className: 'err', id: `${name}-live` }), about = first.closest('fieldset.field, fieldset.crit') ?? first;
      note.dataset.live = '';
      note.append(drawn(ICONS.warn), el('span', words));
      (first.closest('.options, .level') ?? first).before(note);
      about.setAttribute('aria-describedby', `${about.getAttribute('aria-describedby') ?? ''} ${note.id}`.trim());
      if (about === first) first.setAttribute('aria-invalid', 'true');
    }
  }

  // ---- two people, two tabs ----
  // What others wrote into a field that nobody touched here is shown at once; not under the hands of who has just gone there.
  // Until all of it is shown, the version stays, and with it the server's question what this page has changed.
  refresh() {
    const all = this.text() === this.sent;
    this.quiet = true;
    for (const [name, { values, showed, digest }] of this.newer) {
      const here = plain(this.values(name)), isSame = here === plain(values), isUntouched = here === plain(showed);
      if (isUntouched && !isSame && this.controls(name).includes(document.activeElement)) continue;
      this.newer.delete(name);
      if (isUntouched && !isSame) this.fill(name, values);
      if (isUntouched || isSame) this.hasSeen([[name, digest]]);
      else this.latest = undefined; // it clashes with the next save
    }
    this.quiet = false;
    if (all) this.sent = this.text();
    if (this.newer.size) return;
    this.version = this.latest;
    this.latest = undefined;
  }
  clash({ version, seen, theirs = {} }) {
    this.pending = null;
    this.settled = seen && this.seen ? { digests: [...pairs(seen)].filter(([name]) => name in theirs) } : { version };
    for (const [name, value] of Object.entries(theirs)) {
      const values = listed(value), alike = plain(values) === plain(this.values(name));
      if (!alike && this.controls(name).length) this.show(name, values);
    }
    this.keep(); // until somebody has chosen, a copy opened again clashes again
    if (this.clashes.size) return this.say('off', this.words.conflict, ICONS.warn);
    return this.settle();
  }
  settle() {
    this.version = this.settled.version;
    if (this.settled.digests) this.hasSeen(this.settled.digests);
    this.sent = null;
    return this.flush();
  }
  spoken(name, values) {
    const labels = values.filter(Boolean).map(value => {
      const control = this.controls(name).find(one => one.value === value && /^(radio|checkbox)$/.test(one.type)) ?? [...this.controls(name)[0].options ?? []].find(option => option.value === value);
      return (control?.labels?.[0] ?? control)?.textContent?.trim() || value;
    });
    return labels.join(', ') || this.words.empty;
  }
  show(name, values) {
    this.clashes.get(name)?.remove();
    const box = el('div', '', { className: 'said clash', role: 'group' }), acts = el('div', '', { className: 'acts' });
    const done = take => { if (take) { this.quiet = true; this.fill(name, values); this.quiet = false; } box.remove(); this.clashes.delete(name); this.controls(name)[0].focus(); if (!this.clashes.size) this.settle(); };
    for (const [word, take] of [[this.words.keep, false], [this.words.take, true]]) {
      const button = el('button', word, { type: 'button', className: 'btn second slim' });
      button.addEventListener('click', () => done(take));
      acts.append(button);
    }
    const title = el('strong', this.words.elsewhere, { id: `clash-${name}` });
    box.setAttribute('aria-labelledby', title.id);
    box.append(title, el('p', this.spoken(name, values), { className: 'theirs' }), acts);
    const first = this.controls(name)[0];
    (first.closest('.field, .crit, .to-team, .to-self') ?? first.parentElement).append(box);
    this.clashes.set(name, box);
  }

  choose() { this.clashes.values().next().value.querySelector('button').focus(); }

  // ---- the form is sent for good: first what is typed is saved, so that the version is right and nothing can be lost ----
  async submitting(event) {
    clearTimeout(this.timer);
    if (this.alone || this.going === READY || (!this.going && (this.stopped || (!this.busy && !this.clashes.size && !this.waits())))) return this.leave();
    event.preventDefault();
    if (this.going) return; // a second click
    this.going = WAITING;
    const until = Date.now() + PATIENCE;
    this.flush();
    while (this.busy && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 50));
    this.going = '';
    if (this.clashes.size) return this.choose();
    if (this.waits() && (this.homeless || !navigator.onLine)) return navigator.onLine ? this.line?.scrollIntoView({ block: 'center' }) : this.unsent(event.submitter);
    this.going = READY;
    this.form.requestSubmit(event.submitter);
  }
  unsent(button) { // stays until it is pressed again, or something else was written: saved is not sent
    if (!this.words.missed) return;
    this.missed?.remove();
    this.missed = el('p', '', { role: 'alert', named: [...button?.children ?? []].find(part => part.offsetParent) ?? button });
    this.remind('off', this.words.missed, ICONS.warn);
    (button?.closest('.dock') ? this.line : button?.closest('.acts') ?? button ?? this.form).after(this.missed);
    this.missed.scrollIntoView({ block: 'nearest' });
  }
  remind(state, words, shape) {
    this.missed.className = `saved unsent ${state}`;
    this.missed.replaceChildren(drawn(shape), el('span', words.replace('{button}', () => this.missed.named?.textContent.trim() ?? '')));
  }
  reached() { // the network is there again, so the notice must not say otherwise
    const wrong = this.missed?.classList.contains('off');
    if (wrong) this.remind('', this.words.reached, ICONS.wait);
    return wrong;
  }
  leave() {
    this.missed?.remove();
    this.going = GONE;
    setTimeout(() => { this.going = ''; }, 5000); // the browser may have been stopped
    if (this.pending && this.seen) this.pending = this.save([...this.pending.unheard ?? [], this.pending.text]);
    this.keep();
    if (this.form.elements.csrfmiddlewaretoken) this.form.elements.csrfmiddlewaretoken.value = this.token;
  }
  shownAgain() {
    this.going = '';
    if (!this.alone && this.waits()) this.send(); else location.reload();
  }

  missing(why) {
    if (this.homeless) why = 'homeless';
    this.say('off', this.words[why]);
    if (why === 'signedOut') this.line?.append(el('a', this.words.signIn, { href: this.words.door }));
  }
  say(state, words, shape = ICONS[state]) {
    if (!this.line || !words) return;
    this.line.className = `saved m-0${state === 'wait' ? '' : ` ${state}`}`;
    this.line.replaceChildren(drawn(shape), el('span', words));
  }
}

// Going back shows the page as it was; the server has moved on.
if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') location.reload();
else document.querySelectorAll('form[data-autosave], form[data-keeps]').forEach(form => new Autosave(form));
