// The script of every page. Every page can be read and sent without it.
const each = (query, act) => document.querySelectorAll(query).forEach(act);
const root = document.documentElement;
const remember = (key, value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* storage is off */ } };
const recall = key => { try { return localStorage.getItem(key); } catch { return null; } };

// Light, dark or as the system has it; the choice stays on this device.
const paint = value => { if (value) root.dataset.theme = value; else delete root.dataset.theme; };
paint(recall('appearance'));
each('[data-appearance]', box => {
  box.hidden = false;
  const pick = box.querySelector('select');
  pick.value = root.dataset.theme ?? '';
  pick.addEventListener('change', () => { paint(pick.value); remember('appearance', pick.value); });
});

// Older browsers cannot open a details element from CSS: menus and facets stand open on a laptop.
if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 1024px)').matches) each('.menu, .facets, .fold', box => { box.open = true; });

// The menu on a phone closes with Escape and gives the focus back.
each('.menu', box => box.addEventListener('keydown', event => {
  if (event.key === 'Escape' && box.open) { box.open = false; box.querySelector('summary').focus(); }
}));

// Going back to a form that came back with mistakes opens its page again; a browser has nothing to show otherwise.
addEventListener('pagehide', () => history.replaceState(null, ''));

// What has to be mended is read out first.
document.querySelector('.summary')?.focus();

// Counters: "40 of 600 characters", in the words of the page.
each('[data-count]', out => {
  const field = document.getElementById(out.dataset.count), limit = Number(out.dataset.limit);
  const show = () => {
    const length = [...field.value.replace(/\n/g, '\r\n')].length;
    out.textContent = out.dataset.text.replace('{n}', length).replace('{limit}', limit);
    out.classList.toggle('over-by', length > limit);
  };
  field.addEventListener('input', show);
  show();
});

// Without a connection nothing is sent: the page stays, with what was typed and which files were chosen, and says so at
// the button. A browser may take a device without internet for one that does not reach the platform, so the platform is
// asked first.
const unsent = document.querySelector('main [data-unsent]');
const asking = new WeakSet(); // forms whose way is being looked for
let reached = false;
const sayUnsent = (form, button) => {
  if (!form.dispatchEvent(new CustomEvent('unsent', { cancelable: true, detail: button }))) return; // autosave.js says it
  (button?.closest('.acts, .file') ?? form).after(unsent);
  unsent.hidden = false;
  unsent.scrollIntoView({ block: 'nearest' });
};
addEventListener('submit', async event => {
  const form = event.target, button = event.submitter;
  if (!unsent || reached || navigator.onLine || (button?.formMethod || form.method) !== 'post') return;
  event.preventDefault();
  event.stopPropagation();
  if (asking.has(form)) return;
  asking.add(form);
  try {
    await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5000) });
    reached = true;
    form.requestSubmit(button);
  } catch { sayUnsent(form, button); } finally { reached = false; asking.delete(form); }
}, true);
addEventListener('online', () => { if (unsent) unsent.hidden = true; });

// Dialogs: <button data-opens="id">; closing is the form's method="dialog".
each('[data-opens]', button => {
  button.hidden = false;
  button.addEventListener('click', () => document.getElementById(button.dataset.opens).showModal());
});

// Copying a field that can only be read: <button data-copies="id" data-copied="words" hidden>.
if (navigator.clipboard) each('[data-copies]', button => {
  button.hidden = false;
  button.addEventListener('click', () => navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value).then(() => { button.textContent = button.dataset.copied; }, () => {}));
});

// The reader's own hour beside the organiser's, where the server does not know the reader's zone.
each('time[data-hour]', time => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, when = new Date(time.dateTime);
  const say = timeZone => new Intl.DateTimeFormat(root.lang === 'en' ? 'en-GB' : root.lang, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone }).format(when);
  if (zone && say(zone) !== say(time.dataset.hour)) {
    const name = new Intl.DateTimeFormat(root.lang, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(when).find(part => part.type === 'timeZoneName').value.replace('GMT', 'UTC');
    const line = document.createElement('span');
    line.className = 'yours';
    line.textContent = time.dataset.yours.replace('{when}', `${say(zone)} (${name})`);
    time.after(line);
  }
});

// Choosing in a select with data-sends sends its form.
each('select[data-sends]', pick => pick.addEventListener('change', () => pick.form.requestSubmit()));

// Filters on a laptop: the list follows every choice, and the reader stays at the box. A page that comes back from the
// browser's memory shows what its address says.
const chosen = recall('chose')?.split(' ');
remember('chose');
each('form[data-applies]', form => {
  form.classList.add('at-once');
  form.addEventListener('change', ({ target }) => {
    const fold = target.closest('.fold'), says = fold?.querySelector('summary span'), n = fold?.querySelectorAll(':checked').length;
    if (says) says.textContent = n ? says.dataset.says.replace('{n}', n) : '';
    if (!matchMedia('(min-width: 1024px)').matches) return;
    remember('chose', [location.pathname, target.name, encodeURIComponent(target.value), scrollY].join(' '));
    form.requestSubmit();
  });
  addEventListener('pageshow', event => { if (event.persisted) form.reset(); });
  if (chosen?.[0] !== location.pathname) return;
  const box = [...form.elements].find(one => one.name === chosen[1] && one.type === 'checkbox' && encodeURIComponent(one.value) === chosen[2]);
  scrollTo(0, Number(chosen[3]));
  box?.closest('.more')?.setAttribute('open', '');
  box?.focus({ preventScroll: true });
});

// What the server has taken for good need not stay on the device; what it has not taken is pointed out before sending.
const kept = start => { try { return Object.keys(localStorage).filter(key => key.startsWith(`kept:${start}`)); } catch { return []; } };
each('[data-clears]', mark => kept(mark.dataset.clears).forEach(key => remember(key)));
each('[data-kept]', note => { note.hidden = !kept(note.dataset.kept).length; });

// A row of tiles that is wider than a phone begins at the current one.
each('.strip [aria-current]', tile => { const strip = tile.closest('.strip'); strip.scrollLeft += tile.getBoundingClientRect().left - strip.getBoundingClientRect().left - strip.clientWidth / 2; });

// Judge's keys: a number chooses a level in the criterion that has the focus; "-" and N (on a Russian keyboard т) say
// that it cannot be assessed.
const CANNOT = new Set(['-', '–', '—', '−', 'n', 'N', 'т', 'Т']);
each('.crit', box => box.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('textarea, input:not([type=radio])')) return;
  const level = box.querySelector(`input[value="${CANNOT.has(event.key) ? 'n' : CSS.escape(event.key)}"]`);
  if (level) { level.checked = true; level.focus(); level.dispatchEvent(new Event('input', { bubbles: true })); }
}));
