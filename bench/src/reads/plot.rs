//! The plot of the ratios.

use std::fmt::Write as _;

use super::{query::Query, report::Report, target::TargetKind};

const QUERIES: [Query; 3] = [Query::Q1, Query::Q2, Query::Q3];
const TARGETS: [(TargetKind, &str); 3] =
    [(TargetKind::Postgraphile, "#9ca3af"), (TargetKind::Promograph, "#2563eb"), (TargetKind::Limit, "#d1d5db")];
const BAR: f64 = 18.0;
const GAP: f64 = 26.0;
/// Where bars begin, how long the longest is, and the width of all.
const LEFT: f64 = 48.0;
const LONGEST: f64 = 440.0;
const WIDTH: f64 = 640.0;

/// Answers per second relative to `PostGraphile` as SVG: three bars for each of Q1 to Q3.
pub fn bars(report: &Report<'_>) -> String {
    let mut bars = Vec::new();
    for query in QUERIES {
        for (target, color) in TARGETS {
            let ratio = report.ratio(query, target, TargetKind::Postgraphile).map_or(0.0, |ratio| ratio.rate);
            bars.push((query, target, color, ratio));
        }
    }
    let most = bars.iter().map(|bar| bar.3).fold(1.0, f64::max);
    let (mut svg, mut top) = (String::new(), 44.0);
    for (index, (query, target, color, ratio)) in bars.into_iter().enumerate() {
        if index % TARGETS.len() == 0 {
            top += if index == 0 { 0.0 } else { GAP };
            text(&mut svg, 12.0, top + BAR - 5.0, "bold", query.title());
        }
        let (width, base) = (ratio / most * LONGEST, top + BAR - 5.0);
        // Writing to a string cannot fail.
        let thick = BAR - 3.0;
        let _ = writeln!(svg, r#"<rect x="{LEFT}" y="{top}" width="{width:.1}" height="{thick}" fill="{color}"/>"#);
        text(&mut svg, LEFT + width + 6.0, base, "normal", &format!("{ratio:.1} {target}"));
        top += BAR;
    }
    let height = top + 12.0;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12" role="img">
<title>Answers per second relative to PostGraphile</title>
<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>
<text x="12" y="24" font-size="14">Answers per second relative to PostGraphile, on two cores</text>
{svg}
</svg>
"##
    )
}

fn text(svg: &mut String, x: f64, y: f64, weight: &str, text: &str) {
    let _ = writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" font-weight="{weight}">{text}</text>"#);
}
