// The table of a decision: live counts, no award without a win, and what was chosen is kept on this device until it is
// proposed. The server says what is wrong with it; such a form comes with all that was sent, and all of it is kept.
const form = document.getElementById('decision');
const key = `kept:${form?.dataset.key}#`;
const PARTS = 'select[name], textarea[name^="reason-"], textarea[name="unread"]';

const count = () => {
  const found = {};
  for (const pick of form.querySelectorAll('select[name^="outcome-"]')) found[pick.value] = (found[pick.value] ?? 0) + 1;
  document.querySelectorAll('[data-tally]').forEach(out => { out.textContent = found[out.dataset.tally] ?? 0; out.closest('.tally').hidden = false; });
};

const first = control => control.tagName === 'SELECT' ? [...control.options].find(option => option.defaultSelected)?.value ?? control.options[0].value : control.defaultValue;
const keep = () => {
  const changed = [...form.querySelectorAll(PARTS)].filter(control => 'fresh' in form.dataset ? control.value : control.value !== first(control)).map(({ name, value }) => [name, value]);
  try { changed.length ? localStorage.setItem(key, JSON.stringify(changed)) : localStorage.removeItem(key); } catch { /* storage is off or full */ }
};
const restore = () => {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* nothing readable */ }
  if (!kept) return;
  for (const [name, value] of kept) {
    const control = form.elements[name];
    if (control) { control.value = value; if (name.startsWith('reason-')) control.closest('details').open = true; }
  }
  document.querySelectorAll('[data-restored]').forEach(note => { note.hidden = false; });
};

if (form?.dataset.key) {
  if (!('fresh' in form.dataset)) restore(); // a refused form holds what was sent
  count();
  let timer;
  form.addEventListener('input', event => {
    const { name, value } = event.target;
    if (name?.startsWith('outcome-')) {
      if (value !== 'winner') form.elements[name.replace('outcome', 'award')].value = '';
      count();
    }
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  addEventListener('pagehide', keep);
}
