extension Page {
  /// Colours are those of Okabe and Ito, which people who see fewer colours tell apart, darker on a light page and
  /// lighter on a dark one; patterns of the lines say the same.
  static let style = """
    :root{--bg:#fbfcfd;--card:#fff;--ink:#17212b;--soft:#566270;--line:#dfe4e9;--grid:#e9edf1;
    --s1:#0067b1;--s2:#c04f00;--s3:#00795a;--s4:#5b6773;--s5:#a3418b;--heat:#0067b1;--cold:#c04f00;
    --good:#00684d;--bad:#a63f00}
    @media (prefers-color-scheme:dark){:root{--bg:#11161c;--card:#181f27;--ink:#e8edf2;--soft:#a3afbb;
    --line:#2c3742;--grid:#27313b;--s1:#5cb6f5;--s2:#f29a4a;--s3:#3ccb9c;--s4:#a9b4c0;--s5:#e08fc8;
    --heat:#5cb6f5;--cold:#f29a4a;--good:#3ccb9c;--bad:#f29a4a}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",
    Roboto,Helvetica,Arial,sans-serif;-webkit-text-size-adjust:100%}
    main{max-width:1120px;margin:0 auto;padding:28px 24px 40px}
    h1{font-size:1.65rem;line-height:1.2;margin:0 0 .35rem;overflow-wrap:anywhere}
    h2{font-size:1.05rem;margin:0 0 .15rem}
    p{margin:0;overflow-wrap:anywhere}
    header p,figcaption p,.table>p,footer{color:var(--soft);font-size:.9rem}
    .headlines{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin:20px 0 0}
    .headlines div,.plot,.table{background:var(--card);border:1px solid var(--line);border-radius:10px}
    .headlines div{padding:12px 14px}
    .note{margin-top:12px;padding:9px 14px;border-left:4px solid var(--s2);background:var(--card);font-size:.9rem}
    dt{color:var(--soft);font-size:.85rem}
    dd{margin:0;font-size:1.5rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
    dd small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
    .good dd{color:var(--good)}.bad dd{color:var(--bad)}
    .plot,.table{margin:16px 0 0;padding:16px 18px;min-width:0}
    .row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:0 16px}
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;margin:10px 0 0;padding:0;font-size:.85rem}
    .legend li{display:flex;align-items:center;gap:7px}
    .legend .scale{border:1px solid var(--line)}
    .frame{display:grid;grid-template-columns:auto 1fr;margin-top:8px;font-size:.8rem;line-height:1.2;color:var(--soft);
    padding-right:24px;font-variant-numeric:tabular-nums}
    .yt{grid-column:1/3;margin-bottom:10px}
    .ya{position:relative;padding-right:8px}
    .ya b{visibility:hidden;font-weight:400}
    .ya span{position:absolute;right:8px;transform:translateY(-50%);white-space:nowrap}
    .area{position:relative;height:clamp(220px,30vw,330px)}
    .area svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible;border-bottom:1px solid var(--soft);
    border-left:1px solid var(--line)}
    .xa{grid-column:2;position:relative;height:1.75em}
    .xa span{position:absolute;top:.35em;transform:translateX(-50%);white-space:nowrap}
    .xt{grid-column:2;text-align:right}
    svg path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:butt}
    path.g{stroke:var(--grid);stroke-width:1}
    path.l{stroke:var(--soft);stroke-width:1}
    .s1{stroke:var(--s1);stroke-width:2.2}
    .s2{stroke:var(--s2);stroke-width:1.9;stroke-dasharray:8 4}
    .s3{stroke:var(--s3);stroke-width:1.9;stroke-dasharray:2.5 3}
    .s4{stroke:var(--s4);stroke-width:5;stroke-opacity:.45}
    .s5{stroke:var(--s5);stroke-width:1.9;stroke-dasharray:10 3 2 3}
    .s6{stroke:var(--ink);stroke-width:1.7}
    .rim{stroke:var(--card);stroke-width:4.5;stroke-opacity:.75}
    svg path.d{stroke-width:8;stroke-linecap:round;stroke-dasharray:none}
    svg path.h{fill:var(--heat);stroke:none}
    svg path.c{fill:var(--cold);stroke:none}
    svg path.h,svg path.c{shape-rendering:crispEdges}
    rect.h{fill:var(--heat)}rect.c{fill:var(--cold)}
    .cl{position:absolute;transform:translate(-50%,-50%);color:var(--ink);font-size:.8rem;white-space:nowrap;
    text-shadow:0 0 3px var(--card),0 0 3px var(--card),0 0 2px var(--card)}
    .cl.deep{color:var(--card);text-shadow:none}
    .over{position:absolute;inset:0}
    .over i{position:absolute;top:0;bottom:0;width:1px;background:var(--soft)}
    .tip{position:absolute;top:6px;z-index:1;background:var(--card);color:var(--ink);border:1px solid var(--line);
    border-radius:6px;padding:5px 9px;font-size:.8rem;white-space:nowrap;pointer-events:none;
    box-shadow:0 2px 8px #0003}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.9rem;margin-top:8px;font-variant-numeric:tabular-nums}
    th,td{padding:5px 0 5px 14px;text-align:right;border-top:1px solid var(--line);vertical-align:baseline}
    th:first-child{text-align:left;padding-left:0;font-weight:400;color:var(--soft)}
    th.part:first-child{padding-left:1.2em}
    .words td{text-align:left}
    thead th{border-top:0;font-weight:600}
    footer{margin-top:22px}
    @media (max-width:640px){main{padding:18px 12px 28px}.plot,.table{padding:13px 11px}
    h1{font-size:1.35rem}.m,.cl{display:none}.headlines{grid-template-columns:1fr 1fr;gap:8px}
    .headlines div{padding:9px 11px}dd{font-size:1.25rem}table{font-size:.8rem}th,td{padding-left:9px}}
    @media print{.plot,.table{break-inside:avoid}}
    """

  /// Shows the values of all lines of a plot at the place of the pointer. It reads them off the drawing: there is
  /// no second copy of the data.
  static let script = """
    "use strict";
    for (const plot of document.querySelectorAll(".plot")) {
      const over = plot.querySelector(".over");
      const axis = text => {
        const [scale, low, high] = text.split(" ");
        const [from, to] = [Number(low), Number(high)];
        return { scale, at: part => scale === "logarithmic"
          ? from * Math.pow(to / from, part) : from + part * (to - from) };
      };
      const [x, y] = [axis(plot.dataset.x), axis(plot.dataset.y)];
      const lines = [...plot.querySelectorAll("path[data-n]")].map(path => ({
        name: path.dataset.n,
        points: [...path.getAttribute("d").matchAll(/[ML](\\S+) ([^ML]+)/g)].map(m => [+m[1], +m[2]])
      })).filter(line => line.points.length);
      const number = value => Number(value.toPrecision(5)).toLocaleString("en", { maximumSignificantDigits: 5 });
      const names = [...plot.querySelectorAll(".xa span")].map(label => label.textContent);
      const show = (scale, value) => scale === "categories" ? names[Math.floor(value)] : scale === "time"
        ? new Date(value * 1000).toISOString().slice(0, 16).replace("T", " ") : number(value);
      const clear = () => over.replaceChildren();
      if (!lines.length) continue;
      over.addEventListener("pointerleave", clear);
      over.addEventListener("pointermove", event => {
        const box = over.getBoundingClientRect();
        const place = (event.clientX - box.left) / box.width * 1000;
        const near = lines.map(line => {
          let best = line.points[0];
          for (const point of line.points)
            if (Math.abs(point[0] - place) < Math.abs(best[0] - place)) best = point;
          return best;
        });
        const at = near.reduce((a, b) => Math.abs(b[0] - place) < Math.abs(a[0] - place) ? b : a)[0] / 1000;
        const [rule, tip] = [document.createElement("i"), document.createElement("div")];
        rule.style.left = 100 * at + "%";
        tip.className = "tip";
        for (const text of [show(x.scale, x.at(at)),
          ...lines.map((line, i) => line.name + ": " + number(y.at(1 - near[i][1] / 500)))]) {
          const row = document.createElement("div");
          row.textContent = text;
          tip.append(row);
        }
        over.replaceChildren(rule, tip);
        const left = at * box.width + 10;
        tip.style.left = Math.max(0, left + tip.offsetWidth > box.width ? left - tip.offsetWidth - 20 : left) + "px";
      });
    }
    """
}
