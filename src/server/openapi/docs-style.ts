export const docsStyle = `
:root { color-scheme: light dark; --line: light-dark(#d8dbe0, #3a3f47); --soft: light-dark(#f4f5f7, #22262c);
  --faint: light-dark(#5b626d, #a3abb8); --accent: light-dark(#0a58ca, #7fb2ff); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; background: light-dark(#fff, #181b20); color: light-dark(#1c2026, #e4e7ec); }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.9em; }
code { overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.7rem 0.9rem; overflow-x: auto; }
.page { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 84rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 0.87rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav a { text-decoration: none; }
nav > ul > li > a { font-weight: 600; }
nav ul ul { margin: 0.2rem 0 0.8rem 0.7rem; }
main { padding: 1.5rem 2rem 4rem; min-width: 0; }
h1 { margin-top: 0; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: 0.3rem; }
h3 { margin: 2.4rem 0 0.4rem; font-size: 1.02rem; }
h4 { margin: 1.1rem 0 0.3rem; font-size: 0.85rem; color: var(--faint); }
.method { display: inline-block; min-width: 3.4rem; font-weight: 700; color: var(--accent); }
.faint { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 36rem; font-size: 0.88rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 600; }
td:first-child { white-space: nowrap; padding-right: 1.4rem; }
th:first-child { width: 24%; }
th:nth-child(2) { width: 32%; }
@media (max-width: 60rem) { .page { display: block; } nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); } }
@media print { nav { display: none; } .page { display: block; } }
`;
