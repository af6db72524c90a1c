// Search and filter. The report is whole without this script; it only hides rows and unfolds groups.
(() => {
  "use strict";
  const form = document.getElementById("filter");
  if (!form) return;
  const groups = Array.from(document.querySelectorAll("details.group"), (details) => ({
    details,
    severity: details.dataset.severity,
    rows: Array.from(details.querySelectorAll("tbody tr"), (row) => ({ row, state: row.dataset.state, text: null })),
    text: null,
  }));
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const input = document.getElementById("filter-text");
  const count = document.getElementById("filter-count");

  const textOf = (holder, element) => (holder.text ??= element.textContent.toLowerCase());
  const chosen = (name) => new Set(Array.from(form.querySelectorAll(`[name=${name}]:checked`), (box) => box.value));

  function apply() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = chosen("severity");
    const states = chosen("state");
    let shown = 0;
    for (const group of groups) {
      let left = 0;
      const asked = severities.has(group.severity);
      for (const each of group.rows) {
        // the rule's own words count for each of its findings
        const fits = asked && states.has(each.state) &&
          words.every((word) => textOf(each, each.row).includes(word) || headOf(group).includes(word));
        if (each.row.hidden === fits) each.row.hidden = !fits;
        left += fits;
      }
      group.details.hidden = left === 0;
      shown += left;
    }
    count.textContent = `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} findings shown`;
  }
  const headOf = (group) =>
    (group.text ??= `${group.details.querySelector("summary").textContent} ${group.details.querySelector("dl").textContent}`.toLowerCase());

  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
  const fold = (open) => { for (const group of groups) group.details.open = open; };
  form.addEventListener("input", soon);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("unfold").addEventListener("click", () => fold(true));
  document.getElementById("fold").addEventListener("click", () => fold(false));

  // a link to a finding unfolds its group, in browsers that do not do so themselves, and shows it if a filter hides it
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details.group");
    if (!details) return;
    if (target.hidden || details.hidden) { form.reset(); apply(); }
    details.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) {
      if (!details.open) { details.open = true; details.dataset.folded = ""; }
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-folded]")) { details.open = false; delete details.dataset.folded; }
  });
  form.hidden = false;
  apply();
  reveal();
})();
