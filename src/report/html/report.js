/* What the report can do beyond being read: its long tables are searched, sorted and turned page by
   page. Nothing here is needed to read it, and nothing is asked of any network. */
"use strict";

(function () {
  const PAGE = 50;
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function count(number) {
    return number.toLocaleString("en");
  }

  /* One table: its entries in their present order, what is searched for, and the page shown. */
  class Listing {
    constructor(table) {
      this.table = table;
      this.noun = table.dataset.noun;
      this.entries = Array.from(table.tBodies);
      this.shown = this.entries;
      this.page = 0;
      this.makeTools();
      const heads = Array.from(table.tHead.rows[0].cells);
      heads.forEach((head, column) => this.makeSortable(head, column));
      this.show();
    }

    makeTools() {
      const search = () => this.search();
      this.words = make("input", { type: "search", autocomplete: "off", oninput: search });
      this.kind = make("select", { onchange: search }, new Option("all", ""));
      const kinds = new Set(this.entries.map((entry) => this.fact(entry, 1)));
      kinds.forEach((kind) => this.kind.append(new Option(kind, kind)));
      this.told = make("p", { className: "told" });
      this.told.setAttribute("role", "status");
      this.back = make("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
      this.next = make("button", { type: "button", onclick: () => this.turn(1) }, "Next");
      const unfold = () => this.unfold();
      this.unfolder = make("button", { type: "button", onclick: unfold }, "Unfold all");
      const tools = make("div", { className: "tools" });
      tools.setAttribute("role", "group");
      tools.setAttribute("aria-label", this.table.dataset.name);
      tools.append(make("label", {}, "Search in these " + this.noun, this.words));
      if (kinds.size > 1) {
        tools.append(make("label", {}, "Kind", this.kind));
      }
      tools.append(this.unfolder);
      if (this.entries.length > PAGE) {
        tools.append(this.back, this.next);
      }
      tools.append(this.told);
      this.table.before(tools);
    }

    makeSortable(head, column) {
      const sort = () => this.sort(head, column);
      head.replaceChildren(make("button", { type: "button", onclick: sort }, head.textContent));
    }

    fact(entry, column) {
      return entry.rows[0].cells[column].textContent;
    }

    sort(head, column) {
      const isTurned = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) {
        other.removeAttribute("aria-sort");
      }
      head.setAttribute("aria-sort", isTurned ? "descending" : "ascending");
      const sign = isTurned ? -1 : 1;
      this.entries.sort((a, b) => sign * order.compare(this.fact(a, column), this.fact(b, column)));
      this.table.append(...this.entries);
      this.search();
    }

    /* Every word has to be there, in the facts or in what is folded; `AND`, as in a library. */
    search() {
      const words = this.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const kind = this.kind.value;
      this.shown = this.entries.filter((entry) => {
        if (kind !== "" && this.fact(entry, 1) !== kind) {
          return false;
        }
        if (words.length === 0) {
          return true;
        }
        entry.searched ??= entry.textContent.toLowerCase();
        return words.every((word) => entry.searched.includes(word));
      });
      this.page = 0;
      this.show();
    }

    turn(pages) {
      const last = Math.max(0, Math.ceil(this.shown.length / PAGE) - 1);
      this.page = Math.min(Math.max(this.page + pages, 0), last);
      this.show();
    }

    /* What the search leaves out is not printed either; the other pages are. */
    show() {
      const first = this.page * PAGE;
      const end = Math.min(first + PAGE, this.shown.length);
      const found = new Set(this.shown);
      for (const entry of this.entries) {
        entry.classList.toggle("out", !found.has(entry));
      }
      this.shown.forEach((entry, at) => entry.classList.toggle("off", at < first || at >= end));
      /* A button that is disabled would lose the keyboard's focus. */
      this.back.setAttribute("aria-disabled", this.page === 0);
      this.next.setAttribute("aria-disabled", end >= this.shown.length);
      this.told.textContent = this.tell(first, end);
    }

    tell(first, end) {
      const found = this.shown.length;
      if (found === 0) {
        return "None of these " + this.noun + " has that";
      }
      const range = found > PAGE ? count(first + 1) + " to " + count(end) + " of " : "";
      const whole = found < this.entries.length ? " of " + count(this.entries.length) : "";
      return range + count(found) + whole + " " + this.noun;
    }

    /* What is on the page, all at once; the second time it is folded again. */
    unfold() {
      const isOpen = this.unfolder.textContent === "Fold all";
      this.unfolder.textContent = isOpen ? "Unfold all" : "Fold all";
      for (const details of this.table.querySelectorAll("tbody:not(.off):not(.out) details")) {
        details.open = !isOpen;
      }
    }
  }

  /* A link to something that is folded unfolds it. */
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    let fold = target && target.closest("details");
    while (fold) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
  }

  document.querySelectorAll("table.listing").forEach((table) => new Listing(table));
  window.addEventListener("hashchange", reveal);
  reveal();
})();
