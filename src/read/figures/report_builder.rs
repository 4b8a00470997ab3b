//! Collects what a report is asked for: measures, dimensions, and the shape of its JSON.

use super::{
    component::{AGES, Age},
    dimension::{self, DIMENSIONS, Dimension, Told},
    measure::{MEASURES, Measure},
    page::ReportOrder,
    plan::{ChosenMeasure, FigurePlan},
    report::{ReportField, ReportRowField},
};
use crate::{
    auth::ViewerClass,
    read::{
        Reader, RowLookup,
        error::ReadError,
        model::{OTHER, constant_case},
        params::Param,
        plan::{self, ObjectPlan},
        selection::{ArgumentValue, SelectedField},
    },
};

/// The most dimensions of a report.
const MAX_DIMENSIONS: usize = 3;

/// Collects what is selected.
pub(super) struct ReportBuilder<'a> {
    pub(super) reader: &'a Reader,
    pub(super) viewer: ViewerClass,
    pub(super) figures: FigurePlan,
    pub(super) dimensions: Vec<&'static Dimension>,
    /// The fields of the filter, and what tells them.
    pub(super) filters: Vec<(String, &'static [Told])>,
    /// Whether the filter takes only units that are not known.
    pub(super) of_other_units: bool,
    pub(super) entities: Vec<(usize, ObjectPlan)>,
    /// Whether the selection is below `totals`, which have no unit of their own.
    pub(super) in_totals: bool,
    /// Whether `compareTo` is given; null compares with nothing.
    pub(super) compared: bool,
    /// Measures of the state now, and the first with a date.
    pub(super) now: Option<&'static Measure>,
    pub(super) dated: Option<&'static Measure>,
}

impl ReportBuilder<'_> {
    pub(super) fn report_field(&mut self, field: &SelectedField) -> Result<ReportField, ReadError> {
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
    ) -> Result<Vec<(Vec<u8>, ReportRowField)>, ReadError> {
        let mut fields = Vec::with_capacity(selected.len());
        for field in selected {
            if let Some(invalid) = &field.refused {
                return Err(ReadError::bad(invalid.message.clone()));
            }
            let shape = match field.name.as_str() {
                "__typename" => ReportRowField::TypeName(type_name),
                "start" => ReportRowField::Start,
                "end" => ReportRowField::End,
                "previous" => {
                    let fields = self.row(&field.children, "PerformanceFigures")?;
                    if !self.compared {
                        return Err(ReadError::bad("`previous` needs `compareTo`, such as `PREVIOUS_PERIOD`"));
                    }
                    ReportRowField::Previous(fields)
                }
                name => match (Measure::named(name), self.dimensions.iter().position(|known| known.field == name)) {
                    (Some(measure), _) => ReportRowField::Measure(self.measure(measure, field)?),
                    (None, Some(index)) => self.dimension(index, field)?,
                    (None, None) => return Err(self.not_grouped(name)),
                },
            };
            fields.push((plan::key(field), shape));
        }
        Ok(fields)
    }

    /// The error of a dimension's field without the dimension: null would be a group.
    fn not_grouped(&self, field: &str) -> ReadError {
        let Some(dimension) = DIMENSIONS.iter().find(|dimension| dimension.field == field) else {
            return ReadError::internal(format!("`{field}` of a report is not known"));
        };
        let names: Vec<_> = self.dimensions.iter().map(|known| known.name).chain([dimension.name]).collect();
        ReadError::bad(format!("`{field}` needs `by: [{}]`", names.join(", ")))
    }

    fn dimension(&mut self, index: usize, field: &SelectedField) -> Result<ReportRowField, ReadError> {
        let Some(entity) = self.dimensions[index].entity else { return Ok(ReportRowField::Key(index)) };
        let entity = self.reader.catalog().get(entity);
        let entity = entity.ok_or_else(|| ReadError::internal("a dimension of no type"))?;
        let object = self.reader.plan_rows(self.viewer, entity, RowLookup::Keyed(Param::Parents), &field.children)?;
        self.entities.push((index, object));
        Ok(ReportRowField::Entity(self.entities.len() - 1))
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
            let known = measure.dimensions().collect::<Vec<_>>().join(", ");
            return Err(ReadError::bad(format!("`{name}` cannot be told by {}: expected {known}", dimension.name)));
        }
        if let Some((filter, _)) = self.filters.iter().find(|(_, told_by)| !measure.is_told_by(told_by)) {
            let known = filter_names(|told_by| measure.is_told_by(told_by));
            return Err(ReadError::bad(format!("`{name}` cannot be told by `filter.{filter}`: expected {known}")));
        }
        let remembered = if measure.date.is_some() { &mut self.dated } else { &mut self.now };
        remembered.get_or_insert(measure);
        if measure.takes_unit() && self.of_other_units {
            return Err(ReadError::bad(format!(
                "`{name}` would add different units: {OTHER} of `filter.unit` is no single one"
            )));
        }
        let by_unit = self.dimensions.iter().position(|dimension| dimension.name == "UNIT");
        let own_unit = by_unit.filter(|_| !self.in_totals && unit.is_none() && measure.takes_unit());
        let unit = unit.or(if own_unit.is_some() || !measure.takes_unit() { None } else { Some("CASH") });
        Ok(self.figures.add(measure, unit, age, own_unit))
    }

    pub(super) fn order(&mut self, argument: Option<&ArgumentValue>) -> Result<ReportOrder, ReadError> {
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
pub(super) fn filters(argument: Option<&ArgumentValue>) -> Vec<(String, &'static [Told])> {
    let Some(ArgumentValue::Object(fields)) = argument else { return Vec::new() };
    fields.keys().map(|name| (name.clone(), dimension::filtered(name))).collect()
}

/// Whether a filter takes only units that are not known, which may be several.
pub(super) fn is_of_other_units(argument: Option<&ArgumentValue>) -> bool {
    let Some(ArgumentValue::Object(fields)) = argument else { return false };
    let Some(ArgumentValue::Object(compared)) = fields.get("unit") else { return false };
    let is_other = |value: &ArgumentValue| matches!(value, ArgumentValue::Enum(name) if name == OTHER);
    compared.get("eq").is_some_and(is_other)
        || matches!(compared.get("in"), Some(ArgumentValue::List(units)) if !units.is_empty() && units.iter().all(is_other))
}

/// The fields of `filter` that are told by columns for which something holds.
pub(super) fn filter_names(holds: impl Fn(&'static [Told]) -> bool) -> String {
    let fields = DIMENSIONS.iter().map(|dimension| (dimension.filter, dimension.told_by));
    let fields = fields.chain([("selfReferral", &dimension::SELF_REFERRAL[..])]);
    fields.filter(|(_, told_by)| holds(told_by)).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
}

/// The dimensions of `by`.
pub(super) fn dimensions(argument: Option<&ArgumentValue>) -> Result<Vec<&'static Dimension>, ReadError> {
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
