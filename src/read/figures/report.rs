//! `performance`: from arguments and selection to a plan, and from a plan to JSON.

use std::collections::{HashMap, HashSet};

use futures_util::future::try_join_all;
use indexmap::IndexMap;

use super::{
    component::{AGES, Age},
    dimension::{self, DIMENSIONS, Dimension, Told},
    groups::{Groups, Key, Keys, Values},
    measure::{MEASURES, Measure},
    page::{ReportOrder, SortedRow},
    period::{Comparison, PeriodEdges, PeriodRequest},
    plan::{ChosenMeasure, FigurePlan, FigureRequest},
};
use crate::{
    auth::ViewerClass,
    json::string::write_string,
    read::{
        Inputs, Reader, RootValue, RowLookup,
        error::ReadError,
        field_failures::FieldFailure,
        global_id::RowKey,
        model::constant_case,
        params::Param,
        plan::{self, ObjectPlan},
        response_budget::JsonWriter,
        row_writer::close,
        scalar_writer::decimal,
        selection::{ArgumentValue, Arguments, SelectedField},
    },
    time::{calendar::Interval, push_ms},
};

/// The most dimensions of a report.
const MAX_DIMENSIONS: usize = 3;
/// The most rows that a report is sorted of.
const MAX_ROWS: usize = 100_000;
/// The rows of a page, if `first` is not given.
pub const DEFAULT_PAGE: i64 = 100;
/// The largest page.
pub const MAX_PAGE: i64 = 1_000;

/// A report.
#[derive(Debug)]
pub struct ReportPlan {
    figures: FigurePlan,
    period: Option<PeriodRequest>,
    dimensions: Vec<&'static Dimension>,
    /// Whether intervals without rows are shown.
    fill: bool,
    order: ReportOrder,
    first: usize,
    after: Option<ArgumentValue>,
    fields: Vec<(Vec<u8>, ReportField)>,
    /// The rows that dimensions name: the dimension, and what is selected.
    entities: Vec<(usize, ObjectPlan)>,
    /// Whether a value is as it is now, whatever the mirror's version.
    now: bool,
}

#[derive(Debug)]
enum ReportField {
    TypeName,
    Start,
    End,
    Totals(Vec<(Vec<u8>, RowField)>),
    Nodes(Vec<(Vec<u8>, RowField)>),
    PageInfo(Vec<(Vec<u8>, &'static str)>),
    TotalCount,
}

#[derive(Debug)]
enum RowField {
    TypeName(&'static str),
    Start,
    End,
    /// The value of this dimension.
    Key(usize),
    /// One of the plan's entities.
    Entity(usize),
    /// A dimension that rows are not divided by.
    Null,
    Measure(ChosenMeasure),
    Previous(Vec<(Vec<u8>, RowField)>),
}

/// Collects what is selected.
struct Builder<'a> {
    reader: &'a Reader,
    viewer: ViewerClass,
    figures: FigurePlan,
    dimensions: Vec<&'static Dimension>,
    /// The fields of the filter, and what tells them.
    filters: Vec<(String, &'static [Told])>,
    entities: Vec<(usize, ObjectPlan)>,
    /// Whether the selection is below `totals`, which have no unit of their own.
    in_totals: bool,
    /// Measures of the state now, and the first with a date.
    now: Option<&'static Measure>,
    dated: Option<&'static Measure>,
}

impl ReportPlan {
    /// Plans a report.
    ///
    /// # Errors
    /// When an argument is refused, or a measure cannot be told as requested.
    pub fn new(
        reader: &Reader,
        viewer: ViewerClass,
        arguments: &Arguments,
        selected: &[SelectedField],
    ) -> Result<Self, ReadError> {
        let argument = |name: &str| arguments.get(name).filter(|value| **value != ArgumentValue::Null);
        let dimensions = dimensions(argument("by"))?;
        let interval = match argument("interval") {
            Some(ArgumentValue::Enum(name)) => Interval::named(name),
            _ => None,
        };
        let comparison = match argument("compareTo") {
            Some(ArgumentValue::Enum(name)) if name == "PREVIOUS_YEAR" => Some(Comparison::PreviousYear),
            Some(_) => Some(Comparison::PreviousPeriod),
            None => None,
        };
        let mut builder = Builder {
            reader,
            viewer,
            figures: FigurePlan::default(),
            dimensions,
            filters: filters(argument("filter")),
            entities: Vec::new(),
            in_totals: false,
            now: None,
            dated: None,
        };
        let mut fields = Vec::with_capacity(selected.len());
        for field in selected {
            fields.push((plan::key(field), builder.report_field(field)?));
        }
        let order = builder.order(argument("orderBy"))?;
        let Builder { mut figures, dimensions, entities, now, dated, .. } = builder;
        if let (Some(measure), Some(what)) = (now, interval.map(|_| "interval").or(comparison.map(|_| "compareTo"))) {
            let name = measure.name;
            return Err(ReadError::bad(format!("`{name}` is the state now: it has no `{what}`")));
        }
        let zone = argument("timezone").cloned().unwrap_or_else(|| ArgumentValue::Text("UTC".to_owned()));
        let period =
            argument("period").map(|period| PeriodRequest { period: period.clone(), zone, interval, comparison });
        if let (None, Some(name)) = (&period, dated.map(|measure| measure.name).or(interval.map(|_| "interval"))) {
            return Err(ReadError::bad(format!("`{name}` needs a `period`")));
        }
        let request = FigureRequest {
            dimensions: &dimensions,
            intervals: interval.is_some(),
            cohorts: false,
            filter: argument("filter"),
        };
        let totals = fields.iter().any(|(_, field)| matches!(field, ReportField::Totals(_)));
        figures.build(reader.view(viewer), reader.backend(), &request, totals)?;
        let first = match argument("first") {
            Some(ArgumentValue::Int(first)) => *first,
            _ => DEFAULT_PAGE,
        };
        if first < 1 {
            return Err(ReadError::bad(format!("`first` is {first}: expected a number from 1 to {MAX_PAGE}")));
        }
        if first > MAX_PAGE {
            let message = format!("`first` is {first}: expected a number from 1 to {MAX_PAGE}");
            return Err(ReadError::over(message, "pageSize", MAX_PAGE.unsigned_abs(), first.unsigned_abs()));
        }
        let plan = Self {
            figures,
            period,
            dimensions,
            fill: argument("fill") != Some(&ArgumentValue::Bool(false)),
            order,
            first: usize::try_from(first).unwrap_or(1),
            after: argument("after").cloned(),
            fields,
            entities,
            now: now.is_some(),
        };
        Ok(plan)
    }

    /// Checks that every value of a request fits.
    ///
    /// # Errors
    /// When one is refused.
    pub fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.edges(inputs)?;
        self.after(inputs)?;
        self.figures.statements.iter().try_for_each(|statement| statement.statement.params.check(inputs))
    }

    /// What a response follows from besides the mirror's version; none if it must not be cached.
    #[must_use]
    pub fn tag(&self, inputs: Inputs<'_>) -> Option<String> {
        let edges = if self.now { None } else { self.edges(inputs).ok()? };
        let bounds = |edges: &[i64]| [edges.first().copied(), edges.last().copied()];
        edges.map(|edges| format!("{:?} {:?}", bounds(&edges.edges), edges.compared.as_deref().map(bounds)))
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        fn of_fields(fields: &[(Vec<u8>, RowField)]) -> usize {
            let below = |field: &RowField| match field {
                RowField::Previous(fields) => of_fields(fields),
                RowField::Measure(chosen) => size_of_val(&*chosen.figures),
                _ => 0,
            };
            fields.iter().map(|(key, field)| key.len() + size_of_val(field) + below(field)).sum()
        }
        let fields = self.fields.iter().map(|(key, field)| {
            let below = match field {
                ReportField::Totals(fields) | ReportField::Nodes(fields) => of_fields(fields),
                _ => 0,
            };
            key.len() + size_of_val(field) + below
        });
        let entities = self.entities.iter().map(|(_, plan)| plan.size());
        size_of::<Self>() + self.figures.size() + fields.chain(entities).sum::<usize>()
    }

    /// Whether a field below its entities always fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.entities.iter().any(|(_, plan)| plan.fails())
    }

    fn edges(&self, inputs: Inputs<'_>) -> Result<Option<PeriodEdges>, ReadError> {
        self.period.as_ref().map(|period| period.edges(inputs.slots, inputs.now_ms)).transpose()
    }

    fn after(&self, inputs: Inputs<'_>) -> Result<Option<SortedRow>, ReadError> {
        let after = self.after.as_ref().map(|after| after.filled(inputs.slots));
        after.map(|after| self.order.position(&after, self.dimensions.len())).transpose()
    }
}

impl Reader {
    /// A report as JSON.
    ///
    /// # Errors
    /// When the database fails, a value is refused, or a sum is too large.
    pub async fn report(&self, plan: &ReportPlan, inputs: Inputs<'_>) -> Result<RootValue, ReadError> {
        let edges = plan.edges(inputs)?;
        let after = plan.after(inputs)?;
        let present = edges.as_ref().map_or(&[][..], |edges| &edges.edges);
        let compared = edges.as_ref().and_then(|edges| edges.compared.as_deref());
        let groups = Groups::read(self, &plan.figures, Inputs { edges: present, ..inputs });
        let previous = async {
            match compared {
                Some(edges) => Groups::read(self, &plan.figures, Inputs { edges, ..inputs }).await.map(Some),
                None => Ok(None),
            }
        };
        let (groups, previous) = futures_util::try_join!(groups, previous)?;
        let rows = plan.rows(&groups, previous.as_ref(), present)?;
        let start = after.map_or(0, |after| rows.partition_point(|row| plan.order.compare(row, &after).is_le()));
        let page = &rows[start..rows.len().min(start + plan.first)];
        let mut writer = Writer {
            plan,
            edges: present,
            compared,
            groups: &groups,
            previous: previous.as_ref(),
            entities: self.entities(plan, inputs, page).await?,
            failures: Vec::new(),
            path: Vec::new(),
        };
        let mut out = JsonWriter::new(self.budget());
        writer.report((&rows, start), page, &mut out)?;
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

impl Builder<'_> {
    fn report_field(&mut self, field: &SelectedField) -> Result<ReportField, ReadError> {
        Ok(match field.name.as_str() {
            "__typename" => ReportField::TypeName,
            "start" => ReportField::Start,
            "end" => ReportField::End,
            "totals" => {
                self.in_totals = true;
                let fields = self.row(&field.children, "PerformanceTotals")?;
                self.in_totals = false;
                ReportField::Totals(fields)
            }
            "nodes" => ReportField::Nodes(self.row(&field.children, "PerformanceRow")?),
            "totalCount" => ReportField::TotalCount,
            _ => {
                let fields = field.children.iter().map(|field| {
                    let name = match field.name.as_str() {
                        "hasNextPage" => "hasNextPage",
                        "hasPreviousPage" => "hasPreviousPage",
                        "startCursor" => "startCursor",
                        "endCursor" => "endCursor",
                        _ => "__typename",
                    };
                    (plan::key(field), name)
                });
                ReportField::PageInfo(fields.collect())
            }
        })
    }

    fn row(
        &mut self,
        selected: &[SelectedField],
        type_name: &'static str,
    ) -> Result<Vec<(Vec<u8>, RowField)>, ReadError> {
        let mut fields = Vec::with_capacity(selected.len());
        for field in selected {
            if let Some(invalid) = &field.refused {
                return Err(ReadError::bad(invalid.message.clone()));
            }
            let shape = match field.name.as_str() {
                "__typename" => RowField::TypeName(type_name),
                "start" => RowField::Start,
                "end" => RowField::End,
                "previous" => RowField::Previous(self.row(&field.children, "PerformanceFigures")?),
                name => match (Measure::named(name), self.dimensions.iter().position(|known| known.field == name)) {
                    (Some(measure), _) => RowField::Measure(self.measure(measure, field)?),
                    (None, Some(index)) => self.dimension(index, field)?,
                    (None, None) => RowField::Null,
                },
            };
            fields.push((plan::key(field), shape));
        }
        Ok(fields)
    }

    fn dimension(&mut self, index: usize, field: &SelectedField) -> Result<RowField, ReadError> {
        let Some(entity) = self.dimensions[index].entity else { return Ok(RowField::Key(index)) };
        let entity = self.reader.catalog().get(entity);
        let entity = entity.ok_or_else(|| ReadError::internal("a dimension of no type"))?;
        let object = self.reader.plan_rows(self.viewer, entity, RowLookup::Keyed(Param::Parents), &field.children)?;
        self.entities.push((index, object));
        Ok(RowField::Entity(self.entities.len() - 1))
    }

    fn measure(&mut self, measure: &'static Measure, field: &SelectedField) -> Result<ChosenMeasure, ReadError> {
        let name = |argument: &str| match field.argument(argument) {
            Some(ArgumentValue::Enum(name)) => Some(name.as_str()),
            _ => None,
        };
        let age = name("age").and_then(|name| AGES.iter().find(|age| age.name == name));
        let unit = name("unit").map(|name| self.unit(name)).transpose()?;
        self.chosen(measure, unit, age)
    }

    fn unit(&self, name: &str) -> Result<&'static str, ReadError> {
        let units = self.reader.catalog().get("Commission").and_then(|commission| commission.field("unit"));
        let known = units.and_then(|units| match units.kind {
            crate::read::model::FieldKind::Enum(units) => units.values.iter().find(|value| value.name == name),
            _ => None,
        });
        known.map(|value| value.name).ok_or_else(|| {
            ReadError::bad(format!("`unit` is {name}: amounts of units that are not known are not added"))
        })
    }

    fn chosen(
        &mut self,
        measure: &'static Measure,
        unit: Option<&'static str>,
        age: Option<&'static Age>,
    ) -> Result<ChosenMeasure, ReadError> {
        if measure.staff && self.viewer == ViewerClass::Promoter {
            return Err(ReadError::Forbidden(format!("`{}` needs the token of an admin or analyst", measure.name)));
        }
        let name = measure.name;
        if let Some(dimension) = self.dimensions.iter().find(|dimension| !measure.is_told_by(dimension.told_by)) {
            return Err(ReadError::bad(format!("`{name}` cannot be told by {}", dimension.name)));
        }
        if let Some((filter, _)) = self.filters.iter().find(|(_, told_by)| !measure.is_told_by(told_by)) {
            return Err(ReadError::bad(format!("`{name}` cannot be told by `filter.{filter}`")));
        }
        let remembered = if measure.date.is_some() { &mut self.dated } else { &mut self.now };
        remembered.get_or_insert(measure);
        let by_unit = !self.in_totals && self.dimensions.iter().any(|dimension| dimension.name == "UNIT");
        let unit = unit.or(if by_unit || !measure.takes_unit() { None } else { Some("CASH") });
        Ok(self.figures.add(measure, unit, age))
    }

    fn order(&mut self, argument: Option<&ArgumentValue>) -> Result<ReportOrder, ReadError> {
        let mut terms = Vec::new();
        if let Some(ArgumentValue::List(items)) = argument {
            for item in items {
                let ArgumentValue::Object(parts) = item else { continue };
                let Some(ArgumentValue::Enum(name)) = parts.get("measure") else { continue };
                let measure = MEASURES.iter().find(|measure| constant_case(measure.name) == *name);
                let measure = measure.ok_or_else(|| ReadError::internal("an order by no measure"))?;
                if terms.iter().any(|(known, _): &(ChosenMeasure, bool)| std::ptr::eq(known.measure, measure)) {
                    return Err(ReadError::bad(format!("`orderBy` names {name} twice")));
                }
                let descending = matches!(parts.get("direction"), Some(ArgumentValue::Enum(name)) if name == "DESC");
                terms.push((self.chosen(measure, None, None)?, descending));
            }
        }
        Ok(ReportOrder::new(terms, &self.dimensions))
    }
}

/// The fields of `filter`, and what tells them.
fn filters(argument: Option<&ArgumentValue>) -> Vec<(String, &'static [Told])> {
    let Some(ArgumentValue::Object(fields)) = argument else { return Vec::new() };
    fields.keys().map(|name| (name.clone(), dimension::filtered(name))).collect()
}

/// The dimensions of `by`.
fn dimensions(argument: Option<&ArgumentValue>) -> Result<Vec<&'static Dimension>, ReadError> {
    let mut dimensions: Vec<&'static Dimension> = Vec::new();
    let Some(ArgumentValue::List(names)) = argument else { return Ok(dimensions) };
    if names.len() > MAX_DIMENSIONS {
        let (most, actual) = (MAX_DIMENSIONS as u64, names.len() as u64);
        let message = format!("`by` lists {actual} dimensions: at most {most}");
        return Err(ReadError::over(message, "dimensions", most, actual));
    }
    for name in names {
        let ArgumentValue::Enum(name) = name else { continue };
        let dimension = DIMENSIONS.iter().find(|dimension| dimension.name == name);
        let dimension = dimension.ok_or_else(|| ReadError::internal(format!("{name} is no dimension")))?;
        if dimensions.iter().any(|known| known.name == dimension.name) {
            return Err(ReadError::bad(format!("`by` names {name} twice")));
        }
        dimensions.push(dimension);
    }
    Ok(dimensions)
}

impl ReportPlan {
    /// All rows, sorted.
    fn rows(&self, groups: &Groups, previous: Option<&Groups>, edges: &[i64]) -> Result<Vec<SortedRow>, ReadError> {
        let intervals = edges.len().saturating_sub(1);
        let divided = self.period.as_ref().is_some_and(|period| period.interval.is_some());
        let mut keys: IndexMap<&Keys, ()> = groups.keys().map(|keys| (keys, ())).collect();
        let none = Keys::new();
        keys.extend(previous.into_iter().flat_map(Groups::keys).map(|keys| (keys, ())));
        if self.dimensions.is_empty() {
            keys.insert(&none, ());
        }
        let mut rows = Vec::new();
        for keys in keys.keys() {
            let shown: Vec<Option<usize>> = match (divided, self.fill) {
                (false, _) => vec![None],
                (true, true) => (0..intervals).map(Some).collect(),
                (true, false) => groups.intervals(keys).flatten().map(Some).collect(),
            };
            if rows.len() + shown.len() > MAX_ROWS {
                let message = format!(
                    "the report has more than {MAX_ROWS} rows: take a longer `interval`, a `filter`, fewer dimensions, or `fill: false`"
                );
                return Err(ReadError::over(message, "reportRows", MAX_ROWS as u64, (rows.len() + shown.len()) as u64));
            }
            for interval in shown {
                rows.push(self.order.row(groups.values(keys, interval), interval, (*keys).clone()));
            }
        }
        rows.sort_unstable_by(|one, other| self.order.compare(one, other));
        Ok(rows)
    }
}

/// Writes a report.
struct Writer<'a> {
    plan: &'a ReportPlan,
    edges: &'a [i64],
    compared: Option<&'a [i64]>,
    groups: &'a Groups,
    previous: Option<&'a Groups>,
    entities: Vec<HashMap<i64, RootValue>>,
    failures: Vec<FieldFailure>,
    path: Vec<serde_json::Value>,
}

/// The group that is written.
#[derive(Clone, Copy)]
struct Group<'a> {
    row: Option<&'a SortedRow>,
    values: &'a Values,
    previous: Option<&'a Values>,
}

impl Writer<'_> {
    fn report(
        &mut self,
        (rows, start): (&[SortedRow], usize),
        page: &[SortedRow],
        out: &mut JsonWriter,
    ) -> Result<(), ReadError> {
        let mut separator = b'{';
        for (key, field) in &self.plan.fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            match field {
                ReportField::TypeName => write_string("Performance", out),
                ReportField::Start => time(self.edges.first(), out),
                ReportField::End => time(self.edges.last(), out),
                ReportField::TotalCount => out.extend_from_slice(rows.len().to_string().as_bytes()),
                ReportField::PageInfo(fields) => self.page_info(fields, (rows.len(), start), page, out),
                ReportField::Totals(fields) => {
                    let previous = self.previous.map(Groups::totals);
                    self.row(fields, Group { row: None, values: self.groups.totals(), previous }, out)?;
                }
                ReportField::Nodes(fields) => {
                    out.push(b'[');
                    self.path = vec![name(key)];
                    for (index, row) in page.iter().enumerate() {
                        if index > 0 {
                            out.push(b',');
                        }
                        self.path.push(index.into());
                        let values = self.groups.values(&row.keys, row.interval);
                        let previous = self.previous.filter(|_| self.is_compared(row));
                        let previous = previous.map(|groups| groups.values(&row.keys, row.interval));
                        self.row(fields, Group { row: Some(row), values, previous }, out)?;
                        self.path.pop();
                        out.check()?;
                    }
                    self.path.clear();
                    out.push(b']');
                }
            }
        }
        close(separator, out);
        Ok(())
    }

    /// Whether there is an interval to compare a row's with: months have different numbers of days.
    fn is_compared(&self, row: &SortedRow) -> bool {
        let intervals = self.compared.map_or(0, |edges| edges.len().saturating_sub(1));
        row.interval.is_none_or(|interval| interval < intervals)
    }

    fn page_info(
        &self,
        fields: &[(Vec<u8>, &'static str)],
        (rows, start): (usize, usize),
        page: &[SortedRow],
        out: &mut Vec<u8>,
    ) {
        let mut separator = b'{';
        for (key, field) in fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            let cursor = |row: Option<&SortedRow>, out: &mut Vec<u8>| match row {
                Some(row) => write_string(&self.plan.order.cursor(row), out),
                None => out.extend_from_slice(b"null"),
            };
            match *field {
                "hasNextPage" => out.extend_from_slice((start + page.len() < rows).to_string().as_bytes()),
                "hasPreviousPage" => out.extend_from_slice(self.plan.after.is_some().to_string().as_bytes()),
                "startCursor" => cursor(page.first(), out),
                "endCursor" => cursor(page.last(), out),
                _ => write_string("PageInfo", out),
            }
        }
        close(separator, out);
    }

    fn row(&mut self, fields: &[(Vec<u8>, RowField)], group: Group<'_>, out: &mut JsonWriter) -> Result<(), ReadError> {
        let mut separator = b'{';
        for (key, field) in fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            match field {
                RowField::TypeName(name) => write_string(name, out),
                RowField::Null => out.extend_from_slice(b"null"),
                RowField::Start => time(self.edges.get(group.first_edge()), out),
                RowField::End => time(self.edges.get(group.last_edge(self.edges)), out),
                RowField::Key(dimension) => match group.row.map(|row| &row.keys[*dimension]) {
                    Some(Key::Text(text)) => write_string(text, out),
                    Some(Key::Int(number)) => out.extend_from_slice(number.to_string().as_bytes()),
                    Some(Key::Null) | None => out.extend_from_slice(b"null"),
                },
                RowField::Entity(index) => self.entity(key, *index, group, out),
                RowField::Measure(chosen) => write_measure(chosen, group.values, out)?,
                RowField::Previous(fields) => match group.previous {
                    Some(values) => self.row(fields, Group { row: group.row, values, previous: None }, out)?,
                    None => out.extend_from_slice(b"null"),
                },
            }
        }
        close(separator, out);
        Ok(())
    }

    fn entity(&mut self, key: &[u8], index: usize, group: Group<'_>, out: &mut Vec<u8>) {
        let dimension = self.plan.entities[index].0;
        let id = match group.row.map(|row| &row.keys[dimension]) {
            Some(Key::Int(id)) => Some(*id),
            _ => None,
        };
        let Some(value) = id.and_then(|id| self.entities[index].get(&id)) else {
            out.extend_from_slice(b"null");
            return;
        };
        out.extend_from_slice(&value.bytes);
        let path = self.path.iter().cloned().chain([name(key)]).collect::<Vec<_>>();
        self.failures.extend(
            value
                .failures
                .iter()
                .map(|failure| path.iter().rev().fold(failure.clone(), |failure, part| failure.below(part.clone()))),
        );
    }
}

impl Group<'_> {
    fn first_edge(&self) -> usize {
        self.row.and_then(|row| row.interval).unwrap_or(0)
    }

    fn last_edge(&self, edges: &[i64]) -> usize {
        self.row.and_then(|row| row.interval).map_or(edges.len().saturating_sub(1), |interval| interval + 1)
    }
}

/// The response key in `"key":`.
fn name(key: &[u8]) -> serde_json::Value {
    String::from_utf8_lossy(key.get(1..key.len().saturating_sub(2)).unwrap_or_default()).into_owned().into()
}

fn time(ms: Option<&i64>, out: &mut Vec<u8>) {
    match ms {
        Some(ms) => {
            out.push(b'"');
            push_ms(*ms, out);
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
}

/// Writes the value of a measure.
pub(super) fn write_measure(chosen: &ChosenMeasure, values: &Values, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let Some(value) = computed(chosen, values) else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    let name = chosen.measure.name;
    let fitting = i64::try_from(value).map_err(|_| {
        ReadError::bad(format!("`{name}` is larger than 64 bits: take a `filter` or a shorter `period`"))
    })?;
    if chosen.measure.kind.is_decimal() {
        out.push(b'"');
        decimal(fitting.into(), out);
        out.push(b'"');
    } else {
        out.extend_from_slice(itoa::Buffer::new().format(fitting).as_bytes());
    }
    Ok(())
}

/// The value of a measure in a group.
pub(super) fn computed(chosen: &ChosenMeasure, values: &Values) -> Option<i128> {
    let of_figures: Vec<_> = chosen.figures.iter().map(|figure| values[*figure]).collect();
    (chosen.measure.compute)(&of_figures)
}
