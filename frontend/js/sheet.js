// The running total of a score sheet, as the server works it out: only what was assessed counts.
const sheet = document.getElementById('rubric'), out = document.querySelector('[data-total]');

const show = () => {
  let points = 0, weight = 0, n = 0, bonus = 0;
  const boxes = [...sheet.querySelectorAll('.crit')], counted = boxes.filter(box => box.dataset.weight);
  for (const box of boxes) {
    const field = box.querySelector('input:checked') ?? box.querySelector('input:not([type=radio])');
    const value = field && field.value.trim() !== '' ? Number(field.value.replace(',', '.')) : NaN;
    if (Number.isNaN(value)) continue;
    if (!box.dataset.weight) { bonus += value; continue; }
    points += value / Number(box.dataset.most) * Number(box.dataset.weight);
    weight += Number(box.dataset.weight);
    n += 1;
  }
  if (!counted.length) return;
  const total = (weight ? 100 * points / weight + bonus : 0).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  out.textContent = (weight ? out.dataset.text : out.dataset.none).replace('{total}', total).replace('{n}', n).replace('{count}', counted.length);
};

if (sheet && out) sheet.addEventListener('input', show);
