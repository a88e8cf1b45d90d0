// A page that tells how far long work is: [data-progress] is asked for anew, and when it is gone from the page the work is
// over and the page shows how it ended. Without script the page is loaded anew by the browser.
const SOONEST = 500, LATEST = 3000; // milliseconds
const find = (page, query) => page.querySelector(query);
let wait = SOONEST;
const look = async () => {
  try {
    const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(10000) });
    if (answer.redirected || !answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = find(document, '[data-progress]'), next = find(page, '[data-progress]');
    if (!next) {
      document.title = page.title;
      find(document, 'main').replaceWith(find(page, 'main'));
      const title = find(document, 'h1');
      title.tabIndex = -1;
      title.focus();
      return;
    }
    now.replaceWith(next);
  } catch { /* without a connection: it is looked again later */ }
  wait = Math.min(wait * 1.5, LATEST);
  setTimeout(look, wait);
};
setTimeout(look, wait);
