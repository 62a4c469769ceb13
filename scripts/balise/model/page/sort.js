// A table of class "sorts" is ordered by the column whose heading is pressed: numbers by size, a
// dash last, the total row at the foot. Without scripts the page is the same, unsorted.
for (const table of document.querySelectorAll("table.sorts")) {
  const body = table.tBodies[0];
  table.tHead.querySelectorAll("th").forEach((heading, column) => {
    if (!heading.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const falling = heading.ariaSort !== "descending";
      for (const other of table.tHead.querySelectorAll("th")) other.ariaSort = null;
      heading.ariaSort = falling ? "descending" : "ascending";
      const key = (row) => {
        const words = row.cells[column].textContent.trim().split(/\s+/);
        const number = Number.parseFloat(words[0]);
        if (column === 0) return words.join(" ");
        return Number.isNaN(number) ? -Infinity : number;
      };
      const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
      const compare = (one, other) => {
        const [a, b] = [key(one), key(other)];
        if (typeof a === "string") return falling ? b.localeCompare(a) : a.localeCompare(b);
        if (a === b) return 0;
        if (a === -Infinity || b === -Infinity) return a === -Infinity ? 1 : -1;
        return falling ? b - a : a - b;
      };
      body.prepend(...rows.sort(compare));
    });
  });
}
