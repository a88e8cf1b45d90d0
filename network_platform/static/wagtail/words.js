// wagtail-localize's editor says its heading in English to everybody, and calls the buttons of all passages the same.
const heading = text => {
  const [, source, target] = text.match(/^(.+) to (.+) translation$/) ?? [];
  return source && interpolate(gettext('%(source)s to %(target)s translation'), { source, target }, true);
};
const put = (element, name, words) => { if (words && element.getAttribute(name) !== words) element.setAttribute(name, words); };

function mend(editor) {
  for (const title of editor.querySelectorAll('section h3')) {
    const words = heading(title.textContent);
    if (words && words !== title.textContent) title.firstChild.data = words;
  }
  for (const hidden of editor.querySelectorAll('.w-dropdown__toggle > .w-sr-only')) {
    if (hidden.textContent === 'More actions' && gettext('More actions') !== 'More actions') hidden.firstChild.data = gettext('More actions');
  }
}

document.addEventListener('DOMContentLoaded', () => {
  const editor = document.querySelector('.js-translation-editor');
  if (!editor) return;
  new MutationObserver(() => mend(editor)).observe(editor, { childList: true, subtree: true, characterData: true });
  mend(editor);
});
