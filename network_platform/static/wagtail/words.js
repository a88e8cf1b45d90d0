// What Wagtail's pages say in English to everybody: the heading, a menu's name and the dates of wagtail-localize's editor,
// which also gives the buttons of all passages one name, and the button of a search. A field that has no name at all, as
// those of rich text and of a heading, is called after the panel that it stands in.
const LONGEST = 80;
const PAUSE = 800;
const language = document.documentElement.lang;

function heading(text) {
  const [, source, target] = text.match(/^(.+) to (.+) translation$/) ?? [];
  return source && interpolate(gettext('%(source)s to %(target)s translation'), { source, target }, true);
}

const dated = text => text.replace(/\b\d{1,2} [A-Z][a-z]+ \d{4}$/, date =>
  isNaN(new Date(date)) ? date : new Date(date).toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' }));

function say(node, words) {
  if (node?.nodeType === Node.TEXT_NODE && words && words !== node.data) node.data = words;
}

function nameAfterPassage(button) {
  const passage = button.closest('ul').closest('li');
  const text = passage?.querySelector(':scope > p, :scope > div p')?.textContent.trim() ?? '';
  const name = text && `${button.textContent.trim()}: ${text.slice(0, LONGEST)}`;
  if (name && button.getAttribute('aria-label') !== name) button.setAttribute('aria-label', name);
}

function mend(editor) {
  editor.querySelectorAll('h3').forEach(title => say(title.firstChild, heading(title.textContent)));
  editor.querySelectorAll('.w-dropdown__toggle > .w-sr-only').forEach(hidden => say(hidden.firstChild, gettext(hidden.textContent)));
  editor.querySelectorAll('section ul ul > li').forEach(remark => remark.childNodes.forEach(node => say(node, dated(node.data ?? ''))));
  editor.querySelectorAll('section ul ul > li > button').forEach(nameAfterPassage);
  editor.querySelectorAll('input[type=file]:not([aria-label])').forEach(file => file.setAttribute('aria-label', gettext('Upload PO file')));
}

const FIELDS = ':is([role=textbox][contenteditable], input[type=text], textarea):not([aria-label], [aria-labelledby])';

function nameAfterPanels(form) {
  for (const field of form.querySelectorAll(FIELDS)) {
    const heading = field.closest('section[aria-labelledby]')?.getAttribute('aria-labelledby');
    if (heading && !field.labels?.length) field.setAttribute('aria-labelledby', heading);
  }
}

// Shown again with its mistakes, a page was saved by itself no more, however they were mended: each change asks again.
function saveOnceMended(form) {
  if (form.dataset.wUnsavedForceValue !== 'true' || !form.matches('[data-controller~=w-autosave]')) return;
  let timer;
  const ask = () => {
    form.dataset.wUnsavedForceValue = 'true';
    clearTimeout(timer);
    timer = setTimeout(() => form.dispatchEvent(new CustomEvent('w-unsaved:add', { cancelable: true, detail: { type: 'edits' } })), PAUSE);
  };
  form.addEventListener('input', ask);
  form.addEventListener('w-autosave:success', () => { form.dataset.wUnsavedForceValue = 'false'; });
}

document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('form[data-edit-form]');
  if (form) {
    saveOnceMended(form);
    new MutationObserver(() => nameAfterPanels(form)).observe(form, { childList: true, subtree: true });
    nameAfterPanels(form);
  }
  document.querySelectorAll('.submit > input[value=Search]').forEach(button => { button.value = gettext('Search'); });
  const editor = document.querySelector('.js-translation-editor');
  if (!editor) return;
  new MutationObserver(() => mend(editor)).observe(editor, { childList: true, subtree: true, characterData: true });
  mend(editor);
});
