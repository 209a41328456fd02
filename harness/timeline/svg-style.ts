/** What the strip of the critical path is called. */
export const PATH_LANE = 'critical path';

/** How a picture looks, in daylight and in the dark: nothing but what every browser has. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --band: #f5f6f8; --ink: #1f2430; --faint: #6b7280; --grid: #dfe3e8; --call: #5b8def; --call-ink: #ffffff; --sleep: #c9d3e3; --sleep-ink: #333c4d; --coming: #f2c14e; --coming-ink: #3d2e00; --on: #63b07f; --on-ink: #06240f; --failed: #d64545; --point: #9b5de5; --path: #c2185b; --path-ink: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --band: #1b1f26; --ink: #e6e9ee; --faint: #9aa3b0; --grid: #2b313b; --call: #4677d8; --call-ink: #ffffff; --sleep: #39465a; --sleep-ink: #d5dcea; --coming: #b98b1d; --coming-ink: #ffffff; --on: #2f7a4d; --on-ink: #eafff2; --failed: #c63d3d; --point: #b68cf0; --path: #f06292; --path-ink: #1a0710; } }
text { font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
.ground { fill: var(--ground); } .band { fill: var(--band); } .grid { stroke: var(--grid); }
.title { font: 600 16px system-ui, "DejaVu Sans", sans-serif; } .key { fill: var(--faint); }
.axis { fill: var(--faint); text-anchor: middle; } .lane { text-anchor: end; } .strong { font-weight: 700; fill: var(--path); }
.end { text-anchor: end; } .label { font-weight: 600; } .mark { stroke: var(--ink); stroke-dasharray: 3 3; opacity: .55; }
.bar.call { fill: var(--call); } .bar.sleep { fill: var(--sleep); } .bar.coming { fill: var(--coming); } .bar.on { fill: var(--on); } .bar.failed { fill: var(--failed); }
.bar.call ~ .inside, .bar.failed ~ .inside { fill: var(--call-ink); } .bar.sleep ~ .inside { fill: var(--sleep-ink); } .bar.coming ~ .inside { fill: var(--coming-ink); } .bar.on ~ .inside { fill: var(--on-ink); }
.beside { fill: var(--faint); } .point { fill: var(--point); }
.critical { fill: var(--path); stroke: var(--ground); } .critical.sleep, .critical.look { fill-opacity: .3; } .critical.unknown { fill: url(#hatch); stroke: var(--path); } .hatch { stroke: var(--path); stroke-width: 2; }
.on-path { fill: var(--path-ink); } .sleep ~ .on-path, .look ~ .on-path, .unknown ~ .on-path { fill: var(--ink); }
.trace { fill: var(--path); } .trace-line { stroke: var(--path); stroke-width: 2; }
`;
