//! One statement of a report: keys and values as SQL.

use std::collections::BTreeMap;

use sea_orm::DbBackend;

use super::{
    component::{Age, Aggregate, FigureComponent, UnitChoice},
    dimension::{Dimension, JoinedRow, SALE, Told},
    plan::{Figure, FigurePart, FigureRequest, FigureStatement, KeyForm, ValueForm},
    source::Source,
};
use crate::{
    auth::ViewerClass,
    database::ReadStatement,
    read::{
        error::ReadError,
        exact_sum,
        interval_sql::IntervalSql,
        model::{EntityField, EntityType, FieldKind},
        params::{Param, Params},
        plan::PlannedStatement,
        scope,
        scoped_sql::ViewerScope,
    },
};

mod condition;

/// Builds one statement.
pub(super) struct StatementBuilder {
    view: ViewerScope,
    params: Params,
    source: &'static Source,
    /// By alias.
    joins: BTreeMap<&'static str, String>,
}

impl StatementBuilder {
    pub(super) fn new(view: ViewerScope, backend: DbBackend, source: &'static Source) -> Self {
        Self { view, params: Params::new(backend), source, joins: BTreeMap::new() }
    }

    /// The lead that a row of a cohort belongs to.
    fn cohort_lead(&self) -> &'static str {
        if self.source.lead.is_some() { "l" } else { "t" }
    }

    pub(super) fn statement(
        mut self,
        figures: &[Figure],
        part: &FigurePart,
        request: &FigureRequest<'_>,
    ) -> Result<FigureStatement, ReadError> {
        let additive = part.figures.iter().all(|index| figures[*index].component.is_additive());
        let intervals = request.intervals && self.source.date.is_some();
        let (mut columns, mut keys) = (Vec::new(), Vec::new());
        let table = self.entity(self.source.entity)?.table;
        let mut from = self.source.from.map_or_else(|| format!("{table} t"), ToOwned::to_owned);
        if let (true, Some(date)) = (intervals, self.source.date) {
            let date = format!("t.{date}");
            let (number, first) = self.interval(&date, "b");
            from.insert_str(0, first);
            columns.push(if request.cohorts {
                format!("case when {date} < {} then 0 else {number} end", self.params.bind(Param::FirstEdge))
            } else {
                number
            });
        }
        if request.cohorts {
            columns.push(self.interval(&format!("{}.created_at_sort", self.cohort_lead()), "h").0);
            keys.push(KeyForm::Int);
        }
        for dimension in request.dimensions {
            let (key, form) = self.key(dimension, additive)?;
            columns.push(key);
            keys.push(form);
        }
        let condition = self.condition(request)?;
        let groups = (1..=columns.len()).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
        let group_by = if columns.is_empty() { String::new() } else { format!(" group by {groups}") };
        let (text, values) = if let Some(of) = part.ranked {
            self.ranks(figures, part, of, &columns, (&from, &condition, &group_by))
        } else {
            let mut values = Vec::new();
            for index in &part.figures {
                let (expressions, form) = self.value(&figures[*index]);
                columns.extend(expressions);
                values.push((*index, form));
            }
            let joins = self.join_text();
            (format!("select {} from {from}{joins} where {condition}{group_by}", columns.join(", ")), values)
        };
        let text = ReadStatement::from(text).planned_for_values();
        let statement = PlannedStatement { text, params: self.params, long: Vec::new() };
        Ok(FigureStatement { statement, intervals, keys, values, additive })
    }

    /// The rows at the ranks of each group. Both databases know window functions; only one knows percentiles.
    fn ranks(
        &self,
        figures: &[Figure],
        part: &FigurePart,
        of: &str,
        keys: &[String],
        (from, condition, group_by): (&str, &str, &str),
    ) -> (String, Vec<(usize, ValueForm)>) {
        let names: Vec<_> = (0..keys.len()).map(|index| format!("k{index}")).collect();
        let mut inner: Vec<_> = keys.iter().zip(&names).map(|(key, name)| format!("{key} {name}")).collect();
        inner.push(format!("{of} v"));
        let inner = inner.join(", ");
        let partition = if keys.is_empty() { String::new() } else { format!("partition by {}", names.join(", ")) };
        let mut outer = names;
        let mut values = Vec::new();
        for index in &part.figures {
            if let Aggregate::NearestRank(_, percent) = figures[*index].component.aggregate {
                outer.push(format!("max(v) filter (where n = (c * {percent} + 99) / 100)"));
                values.push((*index, ValueForm::Int));
            }
        }
        let joins = self.join_text();
        let text = format!(
            "select {} from (select g.*, row_number() over ({partition} order by v) n, count(*) over ({partition}) c from \
             (select {inner} from {from}{joins} where {condition} and {of} is not null) g) g{group_by}",
            outer.join(", ")
        );
        (text, values)
    }

    fn join_text(&self) -> String {
        self.joins.values().fold(self.source.joins.to_owned(), |joins, join| joins + join)
    }

    /// The columns of a value.
    fn value(&mut self, figure: &Figure) -> (Vec<String>, ValueForm) {
        let FigureComponent { condition, .. } = figure.component;
        let mut conditions = Vec::new();
        if !condition.is_empty() {
            conditions.push(format!("({})", self.filled(condition)));
        }
        if figure.component.unit != UnitChoice::None {
            conditions.push(format!("t.unit in ({})", self.raw_units(figure.unit)));
        }
        if let Some(age) = figure.age {
            conditions.push(self.aged(age));
        }
        let filter = match conditions.as_slice() {
            [] => String::new(),
            conditions => format!(" filter (where {})", conditions.join(" and ")),
        };
        match figure.component.aggregate {
            Aggregate::Distinct(of) => (vec![format!("count(distinct {of}){filter}")], ValueForm::Int),
            Aggregate::Sum(of) => (exact_sum::columns(self.params.backend, of, &filter), ValueForm::Sum),
            Aggregate::Count | Aggregate::NearestRank(..) | Aggregate::Opening { .. } => {
                (vec![format!("count(*){filter}")], ValueForm::Int)
            }
        }
    }

    /// With the parameters that a condition names.
    fn filled(&mut self, condition: &str) -> String {
        let mut text = condition.to_owned();
        for (name, param) in [("{now}", Param::Now), ("{from}", Param::FirstEdge)] {
            if text.contains(name) {
                let placeholder = self.params.bind(param);
                text = text.replace(name, &placeholder);
            }
        }
        text
    }

    /// The texts of a unit, or of all that are known: units that are not known may differ, and are never added.
    fn raw_units(&self, unit: Option<&str>) -> String {
        let units = self.view.catalog.get("Commission").and_then(|commission| commission.field("unit"));
        let Some(EntityField { kind: FieldKind::Enum(units), .. }) = units else { return "''".to_owned() };
        let raw =
            units.values.iter().filter(|value| unit.is_none_or(|unit| value.name == unit)).flat_map(|value| value.raw);
        raw.map(|raw| format!("'{raw}'")).collect::<Vec<_>>().join(", ")
    }

    fn aged(&mut self, age: &Age) -> String {
        const DAY_MS: i64 = 86_400_000;
        let now = self.params.bind(Param::Now);
        let at = "coalesce(t.status_updated_at, t.created_at)";
        let youngest = format!("{at} <= {now} - {}", age.from_days * DAY_MS);
        match age.below_days {
            // What lies ahead of the clock is young.
            Some(days) if age.from_days == 0 => format!("{at} > {now} - {}", days * DAY_MS),
            Some(days) => format!("{youngest} and {at} > {now} - {}", days * DAY_MS),
            None => youngest,
        }
    }

    fn entity(&self, name: &str) -> Result<&'static EntityType, ReadError> {
        self.view.catalog.get(name).ok_or_else(|| ReadError::internal(format!("{name} is not declared")))
    }

    /// Joins the row that has the column.
    fn told(&mut self, told: &Told) -> Result<(&'static EntityType, &'static EntityField, &'static str), ReadError> {
        let missing = || ReadError::internal(format!("{}.{} is not told", told.entity, told.field));
        let entity = self.entity(told.entity)?;
        let field = entity.field(told.field).ok_or_else(missing)?;
        if self.view.viewer == ViewerClass::Promoter && self.source.rows == SALE && told.role == JoinedRow::Row {
            // The sale may be of a lead that was another promoter's, and its commission that one's.
            let join =
                format!(" left join commission own on own.id = t.id and own.promoter_id = {}", self.params.viewer());
            self.joins.insert("own", join);
            return Ok((entity, field, "own"));
        }
        // What a promoter does not see is none: a commission of a higher tier belongs to the lead of another promoter.
        let narrowed =
            self.view.viewer == ViewerClass::Promoter && matches!(told.role, JoinedRow::Lead | JoinedRow::Promotion);
        let (alias, join) = self.source.role(told.role, narrowed).ok_or_else(missing)?;
        if let Some(join) = join {
            let visible =
                if narrowed { self.view.and_visible(entity, false, alias, &mut self.params) } else { String::new() };
            self.joins.insert(alias, join + &visible);
        }
        Ok((entity, field, alias))
    }

    fn key(&mut self, dimension: &Dimension, additive: bool) -> Result<(String, KeyForm), ReadError> {
        let told = dimension
            .told(self.source)
            .ok_or_else(|| ReadError::internal(format!("{} does not divide {}", dimension.name, self.source.name)))?;
        let (entity, field, alias) = self.told(told)?;
        if !scope::may_compare(&scope::access(self.view.viewer, entity, field)) {
            return Err(ReadError::Forbidden(format!(
                "`by` {} needs a token that sees {}.{}",
                dimension.name, entity.name, field.name
            )));
        }
        let value = self.view.field(entity, field, alias, &mut self.params);
        Ok(match field.kind {
            // Different texts may mean one value, whose numbers of different rows cannot be added.
            FieldKind::Enum(kind) if additive => (value, KeyForm::Raw(kind)),
            FieldKind::Enum(kind) => (kind.value_sql(&value), KeyForm::Text),
            FieldKind::Text => (value, KeyForm::Text),
            _ => (value, KeyForm::Int),
        })
    }

    /// The number of the interval that a time is in, and what `from` begins with.
    fn interval(&mut self, date: &str, alias: &'static str) -> (String, &'static str) {
        let interval = IntervalSql::of(date, alias, &mut self.params);
        self.joins.insert(alias, interval.join);
        (interval.number, interval.first)
    }
}
