// The running total of a score sheet, as the server works it out: each criterion has its share of the whole, what was
// not assessed is left out, below the declared coverage there is no total, bonus points come on top.
const sheet = document.getElementById('rubric'), out = document.querySelector('[data-total]');
const NEARLY = 1e-9;

const valueOf = box => {
  const { least, most, step } = box.dataset, field = box.querySelector('input:checked') ?? box.querySelector('input:not([type=radio])');
  const text = field?.value.trim().replace(',', '.'), value = text ? Number(text) : NaN, steps = (value - least) / step;
  return value >= least && value <= most && Math.abs(steps - Math.round(steps)) < NEARLY ? value : NaN;
};

const saysNone = box => (box.querySelector('input:checked') ?? box.querySelector('input:not([type=radio])'))?.value.trim() === 'n';

const show = () => {
  let points = 0, covered = 0, n = 0, count = 0, bonus = 0, answered = 0, boxes = 0;
  for (const box of sheet.querySelectorAll('.crit')) {
    const { share, most } = box.dataset, value = valueOf(box);
    boxes += 1;
    if (!Number.isNaN(value) || saysNone(box)) answered += 1;
    if (share) count += 1;
    if (Number.isNaN(value)) continue;
    if (!share) { bonus += value; continue; }
    points += value / most * share;
    covered += Number(share);
    n += 1;
  }
  if (!count) return;
  const is = covered > 0 && covered + NEARLY >= Number(out.dataset.coverage);
  const total = is ? Number((100 * points / covered + bonus).toFixed(4)) : 0; // the server keeps four places
  const words = total.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const { text, all, none, below } = out.dataset, is_all = answered === boxes;
  out.textContent = (is ? (is_all ? all : text) : is_all ? below : none).replace('{total}', words).replace('{n}', n).replace('{count}', count);
};

if (sheet && out) { sheet.addEventListener('input', show); show(); } // at once too: what the device kept may be back in the form
