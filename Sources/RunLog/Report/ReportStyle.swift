/// The page's style sheet: light and dark by the reader's setting, one column on a phone.
enum ReportStyle {
  static let css = """
    :root { color-scheme: light dark; --page: #f7f7f5; --card: #ffffff; --ink: #1c1e21; --soft: #63686f;
      --edge: #e2e2de; --grid: #ececea; --first: #2460c8; --second: #c8500a; --third: #16806a; --fourth: #7a3fb8; --fifth: #a8325e; --sixth: #6b6a18; --bad: #b3261e; --well: #1d7a46; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #131416; --card: #1c1e21; --ink: #e9e9e6; --soft: #9ba1a9; --edge: #303338; --grid: #2a2d31;
        --first: #78a9ff; --second: #ff9950; --third: #4ec9a8; --fourth: #c79bff; --fifth: #ff8fb3; --sixth: #c9c765; --bad: #ff8a80; --well: #6fcf97; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
    main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 56px; }
    header { margin-bottom: 20px; }
    h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
    h2 { font-size: 18px; margin: 36px 0 12px; }
    h3 { font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
    p { margin: 0; }
    .soft, .empty { color: var(--soft); }
    .badge { display: inline-block; font-size: 13px; padding: 1px 10px; border-radius: 99px; margin-top: 8px;
      border: 1px solid currentColor; color: var(--soft); }
    .badge.well { color: var(--well); } .badge.bad { color: var(--bad); }
    .card, figure { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; margin: 0; }
    .card { padding: 14px 16px; } figure { padding: 12px; }
    .top { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .tiles { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); }
    .tile b { display: block; font-size: 20px; line-height: 1.25; font-variant-numeric: tabular-nums; }
    .tile span { color: var(--soft); font-size: 13px; }
    .charts { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
    .chart figcaption { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 14px; margin: 0 4px 6px; }
    .chart figcaption > b { flex-basis: 100%; }
    .key { color: var(--soft); font-variant-numeric: tabular-nums; } .key b { color: var(--ink); font-weight: 600; }
    .key::before { content: ""; display: inline-block; width: 14px; height: 3px; border-radius: 2px;
      background: var(--series); vertical-align: middle; margin-right: 6px; }
    .key.level::before { height: 0; border-top: 2px dotted var(--soft); background: none; border-radius: 0; }
    .first { --series: var(--first); } .second { --series: var(--second); } .third { --series: var(--third); }
    .fourth { --series: var(--fourth); } .fifth { --series: var(--fifth); } .sixth { --series: var(--sixth); }
    svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
    svg .up { text-anchor: end; } svg .across { text-anchor: middle; }
    svg path { fill: none; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
    .grid { stroke: var(--grid); } .tick { stroke: var(--soft); } .level { stroke: var(--soft); stroke-dasharray: 2 4; }
    .mark { stroke: var(--soft); stroke-dasharray: 5 4; opacity: .7; } .mark.bad { stroke: var(--bad); }
    svg path.band { fill: var(--series); opacity: .13; } .raw { stroke: var(--series); opacity: .32; }
    .line { stroke: var(--series); stroke-width: 2; } .dot { fill: var(--series); }
    .ring { fill: var(--card); stroke: var(--series); stroke-width: 2; }
    .samples img { display: block; width: 100%; height: auto; border-radius: 4px; }
    .samples figcaption { color: var(--soft); font-size: 13px; margin-top: 6px; }
    .earlier { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); }
    .settings { columns: 320px; column-gap: 16px; }
    .settings .card { break-inside: avoid; margin-bottom: 16px; }
    table { width: 100%; border-collapse: collapse; font-size: 14px; }
    td, th { padding: 3px 0; text-align: left; vertical-align: top; border-top: 1px solid var(--grid);
      overflow-wrap: anywhere; font-weight: 400; }
    tr:first-child > * { border-top: 0; }
    .rows th { color: var(--soft); padding-right: 14px; width: 50%; }
    .rows td { font-variant-numeric: tabular-nums; }
    .notes td:first-child { white-space: nowrap; color: var(--soft); padding-right: 16px; width: 1%;
      font-variant-numeric: tabular-nums; }
    .notes .bad { color: var(--bad); } .notes .advice { display: block; color: var(--ink); }
    .scores th, .scores td { padding-right: 18px; } .scores td { font-variant-numeric: tabular-nums; }
    .scores tr:first-child th { color: var(--soft); } .scores sup { color: var(--soft); }
    .judged { display: grid; gap: 16px; margin-top: 16px; } .judged > * { min-width: 0; }
    .pairs { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
    .remarks { margin: 14px 0; font-size: 14px; } .remarks p { margin-bottom: 4px; }
    .compared th:first-child { color: var(--soft); white-space: nowrap; }
    ol { margin: 10px 0; padding-left: 22px; color: var(--soft); font-size: 14px; }
    .wide { overflow-x: auto; }
    pre { margin: 2px 0 10px; padding: 8px 10px; border-radius: 6px; background: var(--page); white-space: pre-wrap; overflow-wrap: anywhere;
      font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    pre:last-child { margin-bottom: 0; }
    footer { color: var(--soft); font-size: 13px; margin-top: 36px; }
    @media (min-width: 860px) {
      .top { grid-template-columns: minmax(0, 1.05fr) minmax(0, 1fr); } .top .samples { grid-row: 1 / span 3; } }
    @media (max-width: 480px) { main { padding: 20px 12px 40px; } h1 { font-size: 24px; }
      .earlier { grid-template-columns: 1fr 1fr; } }
    @media print { body { background: none; } }
    """
}
