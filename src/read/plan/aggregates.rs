//! Plans `aggregate` and `groups` of a list: one statement for all parents, with the list's rows and scope.
//!
//! Groups are made by the database, and sorted, selected and cut in the server: sorting them in the database would make
//! it sort the rows first.

use sea_orm::DbBackend;

mod arguments;
mod intervals;
mod units;

use super::{
    PlannedStatement, ValueKind,
    connection_sql::ListRequest,
    json_shape::key as json_key,
    level::{id_kind, undeclared, unknown},
};
use crate::read::{
    aggregates::{AggregateMeasure, AggregatePlan, AggregateShape, GroupKey, MAX_GROUPS},
    error::ReadError,
    exact_sum,
    model::{EntityField, EntityType, FieldKind, MeasuredKind, Statistic, constant_case},
    params::{Param, Params},
    scope::{self, Access},
    scoped_sql::ViewerScope,
    selection::{ArgumentValue, SelectedField},
};

/// Groups that are returned unless `first` says otherwise.
pub const DEFAULT_GROUPS: i64 = 100;
/// Fields that `by` names at most.
const MAX_KEYS: usize = 3;

/// Plans one selected `aggregate` or `groups`.
pub fn plan(
    view: ViewerScope,
    backend: DbBackend,
    request: &ListRequest<'_>,
    selected: &SelectedField,
) -> Result<AggregatePlan, ReadError> {
    let mut params = Params::new(backend);
    let parents = request.parent.map(|_| params.bind(Param::Parents));
    let mut builder = Builder {
        view,
        request,
        params,
        parents,
        keys: Vec::new(),
        columns: Vec::new(),
        measures: Vec::new(),
        intervals: ("", String::new()),
    };
    let (mut having, mut order, mut first, mut interval) = (Vec::new(), Vec::new(), None, None);
    let shape = if selected.name == "aggregate" {
        builder.aggregate(&selected.children)?
    } else {
        if let Some(refusal) = selected.refusal() {
            return Err(refusal);
        }
        if let Some(given) = selected.argument("interval") {
            interval = Some(builder.interval(given)?);
        }
        builder.group_by(selected.argument("by"))?;
        first = Some(arguments::first(selected.argument("first"))?);
        let shape = builder.group(&selected.children)?;
        if let Some(given) = selected.argument("having") {
            having = builder.having(given)?;
        }
        if let Some(ArgumentValue::List(terms)) = selected.argument("orderBy") {
            order = builder.order_by(terms)?;
        }
        shape
    };
    let plan = builder.finish(shape)?;
    Ok(AggregatePlan { interval, having, order, first, ..plan })
}

struct Builder<'a> {
    view: ViewerScope,
    request: &'a ListRequest<'a>,
    params: Params,
    keys: Vec<GroupKey>,
    /// Keys, the number of rows, measures.
    columns: Vec<String>,
    measures: Vec<AggregateMeasure>,
    /// The placeholder of the parents' keys; none at the root.
    parents: Option<String>,
    /// What is before and behind the rows for their intervals.
    intervals: (&'static str, String),
}

impl Builder<'_> {
    fn entity(&self) -> &EntityType {
        self.request.entity
    }

    fn group_by(&mut self, by: Option<&ArgumentValue>) -> Result<(), ReadError> {
        let names = match by {
            Some(ArgumentValue::List(names)) => names.as_slice(),
            _ => &[],
        };
        if names.is_empty() && self.keys.is_empty() {
            return Err(ReadError::bad("`groups` needs a field in `by`, or an `interval`"));
        }
        if names.len() > MAX_KEYS {
            let message = format!("`by` names {} fields: at most {MAX_KEYS}", names.len());
            return Err(ReadError::over(message, "groupKeys", MAX_KEYS as u64, names.len() as u64));
        }
        let entity = self.request.entity;
        for name in names {
            let ArgumentValue::Enum(name) = name else { return Err(ReadError::bad("`by` holds a null")) };
            let field = entity.group_keys().find(|field| constant_case(&field.name) == *name);
            let field = field.ok_or_else(|| undeclared(name))?;
            if self.keys.iter().any(|key| key.name == field.name) {
                return Err(ReadError::bad(format!("`by` names {name} twice")));
            }
            self.may_compare(field, &format!("`by` {name}"))?;
            let value = self.view.field(entity, field, "t", &mut self.params);
            let (kind, value) = match field.kind {
                FieldKind::RelatedId(name) => {
                    let target = entity.relation(name).and_then(|relation| self.view.catalog.get(relation.target));
                    (id_kind(target.ok_or_else(|| undeclared(name))?), value)
                }
                kind => (ValueKind::of(kind).ok_or_else(|| undeclared(&field.name))?, value),
            };
            self.keys.push(GroupKey { name: field.name.clone(), kind });
            self.columns.push(value);
        }
        Ok(())
    }

    fn may_compare(&self, field: &EntityField, place: &str) -> Result<(), ReadError> {
        if scope::may_compare(&scope::access(self.view.viewer, self.entity(), field)) {
            return Ok(());
        }
        let (entity, field) = (self.entity().name, &field.name);
        Err(ReadError::Forbidden(format!("{place} needs a token that sees {entity}.{field}")))
    }

    /// One group: its key, and its figures.
    fn group(&mut self, selected: &[SelectedField]) -> Result<AggregateShape, ReadError> {
        let name = self.entity().name;
        let mut fields = Vec::with_capacity(selected.len());
        for selected in selected {
            let shape = match selected.name.as_str() {
                "__typename" => AggregateShape::TypeName(format!("{name}Group")),
                "key" => self.key(&selected.children)?,
                "aggregate" => self.aggregate(&selected.children)?,
                _ => return Err(unknown("group", selected)),
            };
            fields.push((json_key(selected), shape));
        }
        Ok(AggregateShape::Object(fields))
    }

    fn key(&self, selected: &[SelectedField]) -> Result<AggregateShape, ReadError> {
        let name = self.entity().name;
        let mut fields = Vec::with_capacity(selected.len());
        for selected in selected {
            let shape = if selected.name == "__typename" {
                AggregateShape::TypeName(format!("{name}GroupKey"))
            } else {
                let place = self.keys.iter().position(|key| key.name == selected.name);
                AggregateShape::Key(place.ok_or_else(|| not_grouped("`key`", &selected.name))?)
            };
            fields.push((json_key(selected), shape));
        }
        Ok(AggregateShape::Object(fields))
    }

    fn aggregate(&mut self, selected: &[SelectedField]) -> Result<AggregateShape, ReadError> {
        let entity = self.request.entity;
        let mut fields = Vec::with_capacity(selected.len());
        for selected in selected {
            let shape = match selected.name.as_str() {
                "__typename" => AggregateShape::TypeName(format!("{}Aggregate", entity.name)),
                "count" => AggregateShape::Count,
                name => {
                    let measured = entity.measured().find(|(field, _)| field.name == name);
                    let (field, kind) = measured.ok_or_else(|| unknown("aggregate", selected))?;
                    self.statistics(field, kind, &selected.children)?
                }
            };
            fields.push((json_key(selected), shape));
        }
        Ok(AggregateShape::Object(fields))
    }

    fn statistics(
        &mut self,
        field: &EntityField,
        kind: MeasuredKind,
        selected: &[SelectedField],
    ) -> Result<AggregateShape, ReadError> {
        let mut fields = Vec::with_capacity(selected.len());
        for selected in selected {
            let statistic = kind.statistics().iter().find(|statistic| statistic.name() == selected.name);
            let shape = match statistic {
                Some(statistic) => AggregateShape::Measure(self.measure(field, kind, *statistic)?),
                None if selected.name == "__typename" => {
                    AggregateShape::TypeName(format!("{}Aggregate", kind.prefix()))
                }
                None => return Err(unknown("aggregate", selected)),
            };
            fields.push((json_key(selected), shape));
        }
        Ok(AggregateShape::Object(fields))
    }

    /// The index of a measure, which is computed once.
    fn measure(&mut self, field: &EntityField, kind: MeasuredKind, statistic: Statistic) -> Result<usize, ReadError> {
        let known = |measure: &AggregateMeasure| measure.field == field.name && measure.statistic == statistic;
        if let Some(known) = self.measures.iter().position(known) {
            return Ok(known);
        }
        let of_known_unit = match field.measured_in {
            Some(unit) if statistic.adds() => self.of_one_unit(field, unit, statistic)?,
            _ => None,
        };
        let entity = self.request.entity;
        let value = match scope::access(self.view.viewer, entity, field) {
            Access::Hidden => "cast(null as bigint)".to_owned(),
            _ => self.view.field(entity, field, "t", &mut self.params),
        };
        let value = match of_known_unit {
            Some(known) => format!("case when {known} then {value} end"),
            None => value,
        };
        let sums = || exact_sum::columns(self.params.backend, &value, "");
        let columns = match statistic {
            Statistic::CountDistinct => vec![format!("count(distinct {value})")],
            Statistic::Min => vec![format!("min({value})")],
            Statistic::Max => vec![format!("max({value})")],
            Statistic::Sum => sums(),
            Statistic::Avg => [sums(), vec![format!("count({value})")]].concat(),
        };
        self.measures.push(AggregateMeasure { field: field.name.clone(), kind, statistic });
        self.columns.extend(columns);
        Ok(self.measures.len() - 1)
    }

    /// The `from` clause with the parents, and the column with a parent's index.
    fn from(&self, parents: Option<&str>) -> (String, Option<&'static str>) {
        let from = self.request.source("t");
        match parents {
            None => (from, None),
            Some(parents) if self.is_sqlite() => (format!("json_each({parents}) k cross join {from}"), Some("k.key")),
            Some(parents) => {
                (format!("unnest({parents}) with ordinality k(key, ord) cross join {from}"), Some("k.ord - 1"))
            }
        }
    }

    fn is_sqlite(&self) -> bool {
        self.params.backend == DbBackend::Sqlite
    }

    fn finish(mut self, shape: AggregateShape) -> Result<AggregatePlan, ReadError> {
        let keys = self.keys.len();
        // Rows are grouped by raw texts, which is faster, and groups of one value merged, but for what cannot be merged.
        if self.measures.iter().any(|measure| measure.statistic == Statistic::CountDistinct) {
            for (key, column) in self.keys.iter_mut().zip(&mut self.columns) {
                if let ValueKind::Enum(kind) = key.kind {
                    (key.kind, *column) = (ValueKind::Text, kind.value_sql(column));
                }
            }
        }
        let condition = self.request.condition(self.view, "t", &mut self.params)?;
        self.columns.insert(keys, "count(*)".to_owned());
        let mut grouped: Vec<_> = (1..=keys).map(|column| column.to_string()).collect();
        let (from, parent) = self.from(self.parents.as_deref());
        if let Some(parent) = parent {
            self.columns.push(parent.to_owned());
            grouped.push(self.columns.len().to_string());
        }
        let (columns, (first, intervals)) = (self.columns.join(", "), self.intervals);
        let mut text = format!("select {columns} from {first}{from}{intervals} where {condition}");
        if !grouped.is_empty() {
            text = format!("{text} group by {} limit {}", grouped.join(", "), MAX_GROUPS + 1);
        }
        let long = (0..keys).filter(|key| self.keys[*key].kind.may_be_long()).collect();
        let statement = PlannedStatement { text: text.into(), params: self.params, long };
        let (keys, measures) = (self.keys, self.measures);
        let (having, order) = (Vec::new(), Vec::new());
        Ok(AggregatePlan { statement, keys, measures, having, order, first: None, interval: None, shape })
    }
}

/// `CREATED_AT_MIN`.
#[must_use]
pub fn figure_name(field: &EntityField, statistic: Statistic) -> String {
    format!("{}_{}", constant_case(&field.name), constant_case(statistic.name()))
}

fn not_grouped(place: &str, field: &str) -> ReadError {
    if field == "start" {
        return ReadError::bad(format!("{place} names `start`, which needs `interval`"));
    }
    ReadError::bad(format!("{place} names `{field}`, by which the rows are not grouped: name it in `by` too"))
}
