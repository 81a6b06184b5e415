// Shows formulas as MathML. One that is not TeX stays as it was typed.

import temml from '../../vendor/temml/temml.min.js';

// Formulas may not lead anywhere or be as large as they like, and an error is not shown but thrown.
const OPTIONS = { throwOnError: true, trust: false, maxSize: [10, 20], maxExpand: 500 };

function show(formula) {
  const displayMode = formula.matches('.math-displayed');
  const marks = displayMode ? 2 : 1;
  const shown = document.createElement('span');
  try {
    temml.render(formula.textContent.slice(marks, -marks), shown, { ...OPTIONS, displayMode });
  } catch {
    return;
  }
  shown.querySelectorAll('[id], [href]').forEach((element) => ['id', 'href'].forEach((name) => element.removeAttribute(name)));
  formula.title = formula.textContent;
  formula.replaceChildren(...shown.childNodes);
}

const showAll = (root) => root.querySelectorAll('.math:not(:has(math))').forEach(show);

showAll(document);
document.addEventListener('plaza:added', ({ detail: articles }) => articles.forEach(showAll));
document.addEventListener('htmx:after:swap', () => {
  const preview = document.getElementById('preview');
  if (preview) showAll(preview);
});
