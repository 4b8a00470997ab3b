//! From a request to statements: one for each source, each with all that is computed over its rows.

use sea_orm::DbBackend;

use super::{
    component::{Age, Aggregate, FigureComponent, UnitChoice},
    dimension::Dimension,
    measure::Measure,
    source::Source,
    statement::StatementBuilder,
};
use crate::read::{
    error::ReadError, model::EnumType, plan::PlannedStatement, scoped_sql::ViewerScope, selection::ArgumentValue,
};

/// A component with its arguments: one value of each group.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The component.
    pub component: &'static FigureComponent,
    /// The unit, if it has one. None: the row's own.
    pub unit: Option<&'static str>,
    /// The age, if it is divided by age.
    pub age: Option<&'static Age>,
}

impl Figure {
    fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.component, other.component) && self.unit == other.unit && self.age == other.age
    }
}

/// A measure with its arguments.
#[derive(Clone, Debug)]
pub struct ChosenMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// Its components, as indexes of [`FigurePlan::figures`].
    pub figures: Vec<usize>,
    /// The place of UNIT among the dimensions, if it is in the unit of its group.
    pub own_unit: Option<usize>,
}

/// What is asked for.
#[derive(Debug)]
pub struct FigureRequest<'a> {
    /// The dimensions.
    pub dimensions: &'a [&'static Dimension],
    /// Whether rows are divided by intervals too.
    pub intervals: bool,
    /// Whether rows are divided by the interval of their lead's creation first.
    pub cohorts: bool,
    /// The argument `filter`.
    pub filter: Option<&'a ArgumentValue>,
}

/// The statements of a report.
#[derive(Debug, Default)]
pub struct FigurePlan {
    /// Every value that a group has.
    pub figures: Vec<Figure>,
    /// Reads them.
    pub statements: Vec<FigureStatement>,
    /// Reads those of the whole that parts do not add up to.
    pub totals: Vec<FigureStatement>,
}

/// One statement: interval, keys, then values.
#[derive(Debug)]
pub struct FigureStatement {
    /// The statement.
    pub statement: PlannedStatement,
    /// Whether the first column is the interval's number.
    pub intervals: bool,
    /// How its keys are read.
    pub keys: Vec<KeyForm>,
    /// Which figure each value is, and how it is read.
    pub values: Vec<(usize, ValueForm)>,
    /// Whether all values of parts add up to that of the whole.
    pub additive: bool,
}

/// How a key is read.
#[derive(Clone, Copy, Debug)]
pub enum KeyForm {
    /// An id or a number.
    Int,
    /// Text.
    Text,
    /// Raw text of an enum.
    Raw(&'static EnumType),
}

/// How a value is read.
#[derive(Clone, Copy, Debug)]
pub enum ValueForm {
    /// An integer.
    Int,
    /// An exact sum of any size (two columns in SQLite); 0 if there is no value.
    Sum,
}

impl FigurePlan {
    /// Adds a measure with its arguments, in the unit of its group if `own_unit` is the place of that.
    pub fn add(
        &mut self,
        measure: &'static Measure,
        unit: Option<&'static str>,
        age: Option<&'static Age>,
        own_unit: Option<usize>,
    ) -> ChosenMeasure {
        let figures = measure.components.iter().map(|component| self.figure(component, unit, age)).collect();
        ChosenMeasure { measure, figures, own_unit }
    }

    /// Adds a component without arguments, and returns its place.
    pub fn component(&mut self, component: &'static FigureComponent) -> usize {
        self.figure(component, None, None)
    }

    fn figure(
        &mut self,
        component: &'static FigureComponent,
        unit: Option<&'static str>,
        age: Option<&'static Age>,
    ) -> usize {
        if let Aggregate::Opening { base, gained, lost } = component.aggregate {
            for part in [base, gained, lost] {
                self.figure(part, None, None);
            }
        }
        let unit = match component.unit {
            UnitChoice::None => None,
            UnitChoice::Cash => Some("CASH"),
            UnitChoice::Argument => unit,
        };
        let figure = Figure { component, unit, age: age.filter(|_| component.by_age) };
        self.index(&figure).unwrap_or_else(|| {
            self.figures.push(figure);
            self.figures.len() - 1
        })
    }

    fn index(&self, figure: &Figure) -> Option<usize> {
        self.figures.iter().position(|known| known.is(figure))
    }

    /// The figure of a component without arguments.
    #[must_use]
    pub fn of(&self, component: &'static FigureComponent) -> Option<usize> {
        self.index(&Figure { component, unit: None, age: None })
    }

    /// Plans the statements of all added measures.
    ///
    /// # Errors
    /// When a source does not tell a dimension or a filter, or the viewer does not see it.
    pub fn build(
        &mut self,
        view: ViewerScope,
        backend: DbBackend,
        request: &FigureRequest<'_>,
        totals: bool,
    ) -> Result<(), ReadError> {
        let whole = FigureRequest { dimensions: &[], intervals: false, cohorts: false, filter: request.filter };
        let is_divided = request.intervals || !request.dimensions.is_empty();
        for part in parts(&self.figures) {
            let planned = StatementBuilder::new(view, backend, part.source).statement(&self.figures, &part, request)?;
            if totals && is_divided && !planned.additive {
                let whole =
                    StatementBuilder::new(view, backend, part.source).statement(&self.figures, &part, &whole)?;
                self.totals.push(whole);
            }
            self.statements.push(planned);
        }
        Ok(())
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let statements = self.statements.iter().chain(&self.totals);
        let size = |statement: &FigureStatement| {
            statement.statement.text.text().len() + statement.statement.params.size() + size_of_val(statement)
        };
        2 * statements.map(size).sum::<usize>() + size_of_val(&*self.figures)
    }
}

/// What one statement computes.
pub(super) struct FigurePart {
    pub(super) source: &'static Source,
    /// The expression whose ranks it reads, if it does.
    pub(super) ranked: Option<&'static str>,
    pub(super) figures: Vec<usize>,
}

fn parts(figures: &[Figure]) -> Vec<FigurePart> {
    let mut parts: Vec<FigurePart> = Vec::new();
    for (index, figure) in figures.iter().enumerate() {
        let source = figure.component.source;
        let ranked = match figure.component.aggregate {
            Aggregate::NearestRank(of, _) => Some(of),
            // It follows from others.
            Aggregate::Opening { .. } => continue,
            _ => None,
        };
        match parts.iter_mut().find(|part| std::ptr::eq(part.source, source) && part.ranked == ranked) {
            Some(part) => part.figures.push(index),
            None => parts.push(FigurePart { source, ranked, figures: vec![index] }),
        }
    }
    parts
}
