//! Reads a report, and writes a page of it.

use std::collections::{HashMap, HashSet};

use futures_util::future::try_join_all;
use indexmap::IndexMap;
use tokio::sync::OnceCell;

use super::{
    groups::{FigureGroups, Key, Keys, check_rows},
    page::SortedRow,
    period::PeriodEdges,
    report::ReportPlan,
    report_writer::ReportWriter,
};
use crate::read::{
    Inputs, Reader, RootValue, error::ReadError, global_id::RowKey, plan::ObjectPlan, response_budget::JsonWriter,
};

/// Holds a report between the pages of one document, so that it is computed once for all of them. The requests for
/// pages must have the same time and the same values but for `first` and `after`.
#[derive(Debug, Default)]
pub struct ReportCache(OnceCell<ComputedReport>);

/// All rows of a report, with their figures.
#[derive(Debug)]
struct ComputedReport {
    edges: Option<PeriodEdges>,
    groups: FigureGroups,
    previous: Option<FigureGroups>,
    /// In their order.
    rows: Vec<SortedRow>,
}

impl Reader {
    /// A page of a report as JSON: of the one that `cache` holds, if it is given.
    ///
    /// # Errors
    /// When the database fails, a value is refused, or a sum is too large.
    pub async fn report(
        &self,
        plan: &ReportPlan,
        inputs: Inputs<'_>,
        cache: Option<&ReportCache>,
    ) -> Result<RootValue, ReadError> {
        match cache {
            Some(cache) => {
                let report = cache.0.get_or_try_init(|| self.compute(plan, inputs)).await?;
                self.report_page(plan, inputs, report).await
            }
            None => self.report_page(plan, inputs, &self.compute(plan, inputs).await?).await,
        }
    }

    async fn compute(&self, plan: &ReportPlan, inputs: Inputs<'_>) -> Result<ComputedReport, ReadError> {
        let edges = plan.edges(inputs)?;
        let present = edges.as_ref().map_or(&[][..], |edges| &edges.edges);
        let compared = edges.as_ref().and_then(|edges| edges.compared.as_deref());
        let groups = FigureGroups::read(self, &plan.figures, Inputs { edges: present, ..inputs });
        let previous = async {
            match compared {
                Some(edges) => FigureGroups::read(self, &plan.figures, Inputs { edges, ..inputs }).await.map(Some),
                None => Ok(None),
            }
        };
        let (groups, previous) = futures_util::try_join!(groups, previous)?;
        let rows = plan.rows(&groups, previous.as_ref(), present)?;
        Ok(ComputedReport { edges, groups, previous, rows })
    }

    async fn report_page(
        &self,
        plan: &ReportPlan,
        inputs: Inputs<'_>,
        report: &ComputedReport,
    ) -> Result<RootValue, ReadError> {
        let ComputedReport { edges, groups, previous, rows } = report;
        let after = plan.after(inputs, edges.as_ref())?;
        let start = after.map_or(0, |after| rows.partition_point(|row| plan.order.compare(row, &after).is_le()));
        let page = &rows[start..rows.len().min(start + plan.first)];
        let mut writer = ReportWriter {
            plan,
            identity: plan.identity(inputs, edges.as_ref()),
            edges: edges.as_ref().map_or(&[][..], |edges| &edges.edges),
            compared: edges.as_ref().and_then(|edges| edges.compared.as_deref()),
            groups,
            previous: previous.as_ref(),
            entities: self.entities(plan, inputs, page).await?,
            failures: Vec::new(),
            path: Vec::new(),
        };
        let mut out = JsonWriter::new(self.budget());
        writer.report((rows, start), page, &mut out)?;
        Ok(RootValue { bytes: out.finish()?, failures: writer.failures })
    }

    /// The rows of the plan's entities that a page names.
    async fn entities(
        &self,
        plan: &ReportPlan,
        inputs: Inputs<'_>,
        page: &[SortedRow],
    ) -> Result<Vec<HashMap<i64, RootValue>>, ReadError> {
        let beside = &self.within_budget(self.budget().for_part());
        let rows = plan.entities.iter().map(|(dimension, object)| {
            let id = |row: &SortedRow| if let Key::Int(id) = row.keys[*dimension] { Some(id) } else { None };
            let ids: HashSet<i64> = page.iter().filter_map(id).collect();
            beside.by_id(object, inputs, Vec::from_iter(ids))
        });
        try_join_all(rows).await
    }

    async fn by_id(
        &self,
        object: &ObjectPlan,
        inputs: Inputs<'_>,
        ids: Vec<i64>,
    ) -> Result<HashMap<i64, RootValue>, ReadError> {
        let rows = if ids.is_empty() { Vec::new() } else { self.by_keys(object, inputs, &ids).await? };
        let id = |key| if let RowKey::Int(id) = key { Some(id) } else { None };
        Ok(rows.into_iter().filter_map(|(key, value)| Some((id(key)?, value))).collect())
    }
}

impl ReportPlan {
    /// All rows, sorted.
    fn rows(
        &self,
        groups: &FigureGroups,
        previous: Option<&FigureGroups>,
        edges: &[i64],
    ) -> Result<Vec<SortedRow>, ReadError> {
        let intervals = edges.len().saturating_sub(1);
        let divided = self.period.as_ref().is_some_and(|period| period.interval.is_some());
        let mut keys: IndexMap<&Keys, ()> = groups.keys().map(|keys| (keys, ())).collect();
        let none = Keys::new();
        keys.extend(previous.into_iter().flat_map(FigureGroups::keys).map(|keys| (keys, ())));
        if self.dimensions.is_empty() {
            keys.insert(&none, ());
        }
        let mut rows = Vec::new();
        for keys in keys.keys() {
            let shown: Vec<Option<usize>> = match (divided, self.fill) {
                (false, _) => vec![None],
                (true, true) => (0..intervals).map(Some).collect(),
                (true, false) => {
                    let of = |groups: &FigureGroups| groups.intervals(keys).flatten().collect::<Vec<_>>();
                    let mut shown = of(groups);
                    shown.extend(previous.map(of).unwrap_or_default());
                    shown.retain(|interval| *interval < intervals);
                    shown.sort_unstable();
                    shown.dedup();
                    shown.into_iter().map(Some).collect()
                }
            };
            check_rows(rows.len() + shown.len())?;
            for interval in shown {
                rows.push(self.order.row(groups.values(keys, interval), interval, (*keys).clone()));
            }
        }
        rows.sort_unstable_by(|one, other| self.order.compare(one, other));
        Ok(rows)
    }
}
