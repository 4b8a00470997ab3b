//! `leadCohorts`: the leads of each interval, and what became of them in the intervals after.

use super::{
    dimension,
    groups::{FigureGroups, Key},
    measure::COHORT_FIGURES,
    period::calendar,
    plan::{FigurePlan, FigureRequest},
    report_builder::{filter_names, filters},
    source::LEADS_CREATED,
};
use crate::{
    auth::ViewerClass,
    json::string::write_string,
    read::{
        Inputs, Reader, RootValue,
        error::ReadError,
        object_writer,
        response_budget::JsonWriter,
        selection::{ArgumentValue, Arguments, SelectedField},
    },
    time::calendar::Interval,
};

/// The most months of cohorts.
pub const MAX_MONTHS: i64 = 60;
/// Months of cohorts, if they are not given.
pub const DEFAULT_MONTHS: i64 = 12;

/// Cohorts of leads.
#[derive(Debug)]
pub struct CohortPlan {
    figures: FigurePlan,
    by: Interval,
    months: i64,
    zone: ArgumentValue,
    selected: Vec<SelectedField>,
    /// What is selected: the field, and the places of its components.
    columns: Vec<(&'static str, Vec<usize>)>,
}

impl CohortPlan {
    /// Plans cohorts.
    ///
    /// # Errors
    /// When an argument is refused.
    pub fn new(
        reader: &Reader,
        viewer: ViewerClass,
        arguments: &Arguments,
        selected: Vec<SelectedField>,
    ) -> Result<Self, ReadError> {
        let argument = |name: &str| arguments.get(name).filter(|value| **value != ArgumentValue::Null);
        let by = match argument("by") {
            Some(ArgumentValue::Enum(name)) => Interval::named(name),
            _ => None,
        };
        let by = by.unwrap_or(Interval::Month);
        if matches!(by, Interval::Hour | Interval::Day) {
            let name = if by == Interval::Hour { "HOUR" } else { "DAY" };
            return Err(ReadError::bad(format!("`by` is {name}: expected WEEK, MONTH, QUARTER or YEAR")));
        }
        let months = match argument("months") {
            Some(ArgumentValue::Int(months)) => *months,
            _ => DEFAULT_MONTHS,
        };
        if !(1..=MAX_MONTHS).contains(&months) {
            return Err(ReadError::bad(format!("`months` is {months}: expected a number from 1 to {MAX_MONTHS}")));
        }
        let zone = argument("timezone").cloned().unwrap_or_else(|| ArgumentValue::Text("UTC".to_owned()));
        let is_told = |told_by| dimension::find(told_by, &LEADS_CREATED).is_some();
        if let Some((name, _)) = filters(argument("filter")).iter().find(|(_, told_by)| !is_told(told_by)) {
            let known = filter_names(is_told);
            return Err(ReadError::bad(format!("`leadCohorts` cannot be told by `filter.{name}`: expected {known}")));
        }
        let mut figures = FigurePlan::default();
        let is_selected = |name: &str| {
            let below = selected.iter().filter(|field| field.name == "periods").flat_map(|field| &field.children);
            selected.iter().chain(below).any(|field| field.name == name)
        };
        let columns = COHORT_FIGURES.iter().filter(|(name, _)| is_selected(name));
        let columns = columns
            .map(|(name, components)| (*name, components.iter().map(|part| figures.component(part)).collect()))
            .collect();
        let request = FigureRequest { dimensions: &[], intervals: true, cohorts: true, filter: argument("filter") };
        figures.build(reader.view(viewer), reader.backend(), &request, false)?;
        Ok(Self { figures, by, months, zone, selected, columns })
    }

    /// Checks that every value of a request fits.
    ///
    /// # Errors
    /// When one is refused.
    pub fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.edges(inputs)?;
        self.figures.statements.iter().try_for_each(|statement| statement.statement.params.check(inputs))
    }

    /// What a response follows from besides the mirror's version: the time at which the next cohort begins.
    #[must_use]
    pub fn tag(&self, inputs: Inputs<'_>) -> Option<String> {
        self.edges(inputs).ok()?.last().map(ToString::to_string)
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.figures.size() + self.selected.iter().map(SelectedField::size).sum::<usize>()
    }

    /// From the first cohort to the end of the running one.
    fn edges(&self, inputs: Inputs<'_>) -> Result<Vec<i64>, ReadError> {
        let calendar = calendar(&self.zone.filled(inputs.slots))?;
        let now = inputs.now_ms;
        let edges = calendar
            .shifted(Interval::Month, now, 1 - self.months)
            .and_then(|from| calendar.edges(self.by, from, now + 1));
        edges.map_err(|_| ReadError::bad("`months` leads out of the calendar: expected the years 1 to 9999"))
    }
}

impl Reader {
    /// Cohorts as JSON.
    ///
    /// # Errors
    /// When the database fails, a value is refused, or a sum is too large.
    pub async fn cohorts(&self, plan: &CohortPlan, inputs: Inputs<'_>) -> Result<RootValue, ReadError> {
        let edges = plan.edges(inputs)?;
        let groups = FigureGroups::read(self, &plan.figures, Inputs { edges: &edges, ..inputs }).await?;
        let cohorts = edges.len().saturating_sub(1);
        let mut out = JsonWriter::new(self.budget());
        out.push(b'[');
        for (cohort, start) in edges.iter().take(cohorts).enumerate() {
            if cohort > 0 {
                out.push(b',');
            }
            let periods = periods(plan, &groups, cohort, cohorts)?;
            out.extend(object_writer::object(
                "LeadCohort",
                &plan.selected,
                &mut |field, out| match field.name.as_str() {
                    "cohort" => object_writer::time(Some(*start), out),
                    "size" => out.extend_from_slice(size(plan, &groups, cohort).to_string().as_bytes()),
                    _ => write_periods(&periods, &field.children, out),
                },
            ));
            out.check()?;
        }
        out.push(b']');
        Ok(out.finish()?.into())
    }
}

/// Values by the names of their fields.
type Period = Vec<(&'static str, i64)>;

fn periods(plan: &CohortPlan, groups: &FigureGroups, cohort: usize, cohorts: usize) -> Result<Vec<Period>, ReadError> {
    let mut active = 0;
    let mut periods = Vec::with_capacity(cohorts - cohort);
    for interval in cohort..cohorts {
        // What is told to have happened before a lead was created, happened with it.
        let values = |figure: usize| {
            let first = if interval == cohort { 0 } else { interval };
            (first..=interval).map(|interval| value(groups, figure, cohort, interval)).sum::<i128>()
        };
        let mut period = Period::with_capacity(plan.columns.len());
        for (name, figures) in &plan.columns {
            let number = match figures.as_slice() {
                [came, went] => {
                    active += values(*came) - values(*went);
                    active
                }
                figures => figures.iter().map(|figure| values(*figure)).sum(),
            };
            let number = i64::try_from(number).map_err(|_| {
                ReadError::bad(format!("`{name}` is larger than 64 bits: take a `filter` or fewer `months`"))
            })?;
            period.push((*name, number));
        }
        periods.push(period);
    }
    Ok(periods)
}

/// The number of a cohort's leads.
fn size(plan: &CohortPlan, groups: &FigureGroups, cohort: usize) -> i128 {
    let figures = plan.columns.iter().filter(|(name, _)| *name == "size").flat_map(|(_, figures)| figures);
    figures.map(|figure| value(groups, *figure, cohort, cohort)).sum()
}

/// The value of a figure of a cohort's leads in an interval.
fn value(groups: &FigureGroups, figure: usize, cohort: usize, interval: usize) -> i128 {
    let cohort = i64::try_from(cohort).map_or(Key::Null, Key::Int);
    groups.values(&vec![cohort], Some(interval))[figure].unwrap_or(0)
}

fn write_periods(periods: &[Period], selected: &[SelectedField], out: &mut Vec<u8>) {
    out.push(b'[');
    for (offset, period) in periods.iter().enumerate() {
        if offset > 0 {
            out.push(b',');
        }
        out.extend(object_writer::object("LeadCohortPeriod", selected, &mut |field, out| match period
            .iter()
            .find(|(name, _)| *name == field.name)
        {
            Some((_, value)) => out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
            None if field.name == "offset" => out.extend_from_slice(offset.to_string().as_bytes()),
            None => write_string("", out),
        }));
    }
    out.push(b']');
}
