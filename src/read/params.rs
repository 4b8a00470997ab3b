//! Statement text and parameters for both databases.
//!
//! The text never depends on values or on their number: a list is one parameter, an array on `PostgreSQL`, a JSON array
//! on `SQLite`.

use sea_orm::{DbBackend, Statement, Value, sea_query::ArrayType};

/// A parameter's value.
#[derive(Clone, Debug, PartialEq)]
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
    pub fn viewer(&mut self, id: i64) -> String {
        let index = *self.viewer.get_or_insert_with(|| {
            self.values.push(Param::Int(id));
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

    /// The statement, with `parents` in place of [`Param::Parents`].
    #[must_use]
    pub fn statement(&self, text: &str, parents: &[i64]) -> Statement {
        let values = self.values.iter().map(|value| match value {
            Param::Int(number) => Value::BigInt(Some(*number)),
            Param::Text(text) => Value::String(Some(text.clone())),
            Param::Bool(flag) => Value::Bool(Some(*flag)),
            Param::Ints(numbers) => self.ints(numbers),
            Param::Texts(texts) => self.texts(texts),
            Param::Parents => self.ints(parents),
        });
        Statement::from_sql_and_values(self.backend, text, values.collect::<Vec<_>>())
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
