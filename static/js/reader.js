// Optional: every page works without it. It brings the theme buttons, the copy buttons and
// an honest open state of the rail.
(() => {
  const root = document.documentElement;
  const copied = document.currentScript.dataset.copied;

  const show = theme => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll(".theme button"))
      button.setAttribute("aria-pressed", button.value === (root.dataset.theme || "auto"));
  };

  // A browser that keeps nothing still switches, for this page.
  const kept = () => { try { return localStorage.theme } catch { return "auto" } };
  const keep = theme => { try { localStorage.theme = theme } catch {} };

  show(kept());
  addEventListener("storage", event => { if (event.key === "theme") show(event.newValue) });
  for (const box of document.querySelectorAll(".theme")) {
    box.hidden = false;
    box.addEventListener("click", event => {
      const theme = event.target.value;
      if (theme) { keep(theme); show(theme) }
    });
  }

  // Only a page that came over https may write to the clipboard.
  for (const button of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const lines = button.closest("figure").querySelectorAll(".line");
      await navigator.clipboard.writeText([...lines].map(line => line.textContent).join("\n"));
      button.textContent = copied;
      setTimeout(() => button.textContent = label, 2000);
    });
  }

  // Style sheets hold the rail open where it has room; the attribute tells assistive technology.
  const wide = matchMedia("(min-width: 78rem)");
  const rail = () => { for (const part of document.querySelectorAll(".rail details")) part.open = wide.matches };
  wide.addEventListener("change", rail);
  rail();
})();
