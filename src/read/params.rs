//! Statement text and parameters for both databases.
//!
//! The text never depends on values or on their number: a list is one parameter, an array on `PostgreSQL`, a JSON array
//! on `SQLite`. A plan is used for many requests, so a parameter may wait for the values of a request ([`Inputs`]).

use std::{borrow::Cow, fmt, sync::Arc};

use sea_orm::{DbBackend, Value, Values, sea_query::ArrayType};

use super::{error::ReadError, global_id::RowKey, selection::ArgumentValue};

/// The values of one request for a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inputs<'a> {
    /// The promoter who reads; none for other viewers.
    pub promoter: Option<i64>,
    /// The values of [`ArgumentValue::Slot`], by index.
    pub slots: &'a [ArgumentValue],
    /// The edges of the calendar intervals that a plan divides rows by, in milliseconds since 1970.
    pub edges: &'a [i64],
    /// The time of the request, for plans that depend on it.
    pub now_ms: i64,
}

/// A parameter's value.
#[derive(Clone, Debug)]
pub enum Param {
    /// Integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Boolean.
    Bool(bool),
    /// List of integers.
    Ints(Vec<i64>),
    /// List of texts.
    Texts(Vec<String>),
    /// The keys of the parent rows: known only when the level above was read.
    Parents,
    /// The id of the promoter who reads.
    Viewer,
    /// [`Inputs::edges`].
    Edges,
    /// The first of them.
    FirstEdge,
    /// The last of them.
    LastEdge,
    /// The length of the longest interval between two of them, at least 1.
    LongestInterval,
    /// [`Inputs::now_ms`].
    Now,
    /// Follows from the values of variables.
    Late(LateParam),
}

impl From<RowKey> for Param {
    fn from(key: RowKey) -> Self {
        match key {
            RowKey::Int(key) => Self::Int(key),
            RowKey::Text(key) => Self::Text(key),
        }
    }
}

type Convert = dyn Fn(&ArgumentValue) -> Result<Param, ReadError> + Send + Sync;

/// A parameter that follows from the values of variables.
#[derive(Clone)]
pub struct LateParam {
    value: ArgumentValue,
    convert: Arc<Convert>,
}

impl fmt::Debug for LateParam {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("LateParam").field(&self.value).finish()
    }
}

impl Param {
    /// The parameter of an argument: converted now, or with each request's values if it has slots.
    ///
    /// # Errors
    /// When `convert` refuses the value.
    pub fn of(
        value: &ArgumentValue,
        convert: impl Fn(&ArgumentValue) -> Result<Self, ReadError> + Send + Sync + 'static,
    ) -> Result<Self, ReadError> {
        if value.has_slots() {
            return Ok(Self::Late(LateParam { value: value.clone(), convert: Arc::new(convert) }));
        }
        convert(value)
    }

    /// Its approximate size in memory, in bytes.
    fn size(&self) -> usize {
        let below = match self {
            Self::Text(text) => text.len(),
            Self::Ints(numbers) => size_of_val(&**numbers),
            Self::Texts(texts) => texts.iter().map(|text| size_of_val(text) + text.len()).sum(),
            Self::Late(late) => late.value.size() + size_of_val(&*late.convert),
            _ => 0,
        };
        size_of::<Self>() + below
    }

    /// The same, with the values of a request.
    fn with<'a>(&'a self, inputs: Inputs<'_>) -> Result<Cow<'a, Self>, ReadError> {
        match self {
            Self::Late(late) => (late.convert)(&late.value.filled(inputs.slots)).map(Cow::Owned),
            Self::Viewer => match inputs.promoter {
                Some(id) => Ok(Cow::Owned(Self::Int(id))),
                None => Err(ReadError::internal("a plan for promoters is used by another viewer")),
            },
            Self::Edges => Ok(Cow::Owned(Self::Ints(inputs.edges.to_vec()))),
            Self::FirstEdge => Ok(Cow::Owned(Self::Int(inputs.edges.first().copied().unwrap_or(i64::MIN)))),
            Self::LastEdge => Ok(Cow::Owned(Self::Int(inputs.edges.last().copied().unwrap_or(i64::MAX)))),
            Self::LongestInterval => {
                let lengths = inputs.edges.windows(2).map(|edges| edges[1] - edges[0]);
                Ok(Cow::Owned(Self::Int(lengths.max().unwrap_or(1).max(1))))
            }
            Self::Now => Ok(Cow::Owned(Self::Int(inputs.now_ms))),
            param => Ok(Cow::Borrowed(param)),
        }
    }
}

/// The parameters of one statement, in the order of their placeholders.
#[derive(Clone, Debug)]
pub struct Params {
    /// The database.
    pub backend: DbBackend,
    values: Vec<Param>,
    viewer: Option<usize>,
}

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, values: Vec::new(), viewer: None }
    }

    /// Adds a value and returns its placeholder.
    pub fn bind(&mut self, value: Param) -> String {
        self.values.push(value);
        self.placeholder(self.values.len())
    }

    /// The placeholder of the viewer's id, which is bound once.
    pub fn viewer(&mut self) -> String {
        let index = *self.viewer.get_or_insert_with(|| {
            self.values.push(Param::Viewer);
            self.values.len()
        });
        self.placeholder(index)
    }

    /// `value in list` as an expression with one parameter.
    pub fn is_in(&mut self, value: &str, list: Param) -> String {
        let placeholder = self.bind(list);
        if self.backend == DbBackend::Sqlite {
            format!("{value} in (select value from json_each({placeholder}))")
        } else {
            format!("{value} = any({placeholder})")
        }
    }

    fn placeholder(&self, index: usize) -> String {
        if self.backend == DbBackend::Sqlite { format!("?{index}") } else { format!("${index}") }
    }

    /// Their approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.values.iter().map(Param::size).sum()
    }

    /// Checks that every parameter has a value for a request.
    ///
    /// # Errors
    /// When the value of a variable is refused.
    pub fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.values.iter().try_for_each(|value| value.with(inputs).map(drop))
    }

    /// The values of a request, with `parents` in place of [`Param::Parents`].
    ///
    /// # Errors
    /// When the value of a variable is refused.
    pub fn values(&self, inputs: Inputs<'_>, parents: &[i64]) -> Result<Values, ReadError> {
        let value = |value: &Param| {
            Ok(match &*value.with(inputs)? {
                Param::Int(number) => Value::BigInt(Some(*number)),
                Param::Text(text) => Value::String(Some(text.clone())),
                Param::Bool(flag) => Value::Bool(Some(*flag)),
                Param::Ints(numbers) => self.ints(numbers),
                Param::Texts(texts) => self.texts(texts),
                Param::Parents => self.ints(parents),
                Param::Viewer
                | Param::Edges
                | Param::FirstEdge
                | Param::LastEdge
                | Param::LongestInterval
                | Param::Now
                | Param::Late(_) => {
                    return Err(ReadError::internal("a parameter without a value"));
                }
            })
        };
        self.values.iter().map(value).collect::<Result<Vec<_>, _>>().map(Values)
    }

    fn ints(&self, numbers: &[i64]) -> Value {
        if self.backend == DbBackend::Sqlite {
            let mut json = String::with_capacity(2 + numbers.len() * 9);
            json.push('[');
            for (index, number) in numbers.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                json.push_str(itoa::Buffer::new().format(*number));
            }
            json.push(']');
            return Value::String(Some(json));
        }
        let values = numbers.iter().map(|number| Value::BigInt(Some(*number))).collect();
        Value::Array(ArrayType::BigInt, Some(Box::new(values)))
    }

    fn texts(&self, texts: &[String]) -> Value {
        if self.backend == DbBackend::Sqlite {
            return Value::String(Some(serde_json::Value::from(texts).to_string()));
        }
        let values = texts.iter().map(|text| Value::String(Some(text.clone()))).collect();
        Value::Array(ArrayType::String, Some(Box::new(values)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::selection::Slot;

    #[test]
    fn a_parameter_weighs_what_it_holds() {
        let size = |value: Param| {
            let mut params = Params::new(DbBackend::Sqlite);
            params.bind(value);
            params.size()
        };
        let text = "x".repeat(10_000);
        let list = ArgumentValue::List(vec![
            ArgumentValue::Text(text.clone()),
            ArgumentValue::Slot(Slot { index: 0, items: None }),
        ]);
        let late = Param::of(&list, |_| Ok(Param::Parents)).unwrap();
        for heavy in [Param::Text(text.clone()), Param::Texts(vec![text.clone()]), Param::Ints(vec![0; 1_250]), late] {
            assert!(size(heavy.clone()) >= 10_000, "{heavy:?}");
        }
        assert!(size(Param::Int(1)) < 100);
    }
}
