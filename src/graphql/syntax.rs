//! Parses documents by the grammar of the September 2025 edition into async-graphql's syntax tree. async-graphql's own
//! parser implements an older edition, and accepts documents that no edition allows.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
        InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
        VariableDefinition,
    },
};
use async_graphql_value::Value;

mod lexer;
mod string;
mod tokens;
mod value;

use lexer::{Token, TokenKind, tokens};

use super::error::GraphqlError;
use crate::{error::ErrorCode, limits::RequestLimits};

/// Parses a document.
///
/// # Errors
/// The syntax error, the duplicate name, or the exceeded limit.
pub fn parse(text: &str, limits: &RequestLimits) -> Result<ExecutableDocument, GraphqlError> {
    let mut rest = tokens(text, limits)?.into_iter();
    let current = rest.next().unwrap_or_default();
    Parser { current, rest }.document()
}

/// Recursive descent, no deeper than the limit on nested brackets.
struct Parser<'a> {
    current: Token<'a>,
    rest: std::vec::IntoIter<Token<'a>>,
}

type Parsed<T> = Result<T, GraphqlError>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

impl Parser<'_> {
    fn document(mut self) -> Parsed<ExecutableDocument> {
        let mut unnamed = None;
        let mut named = HashMap::new();
        let mut fragments = HashMap::new();
        loop {
            if matches!(self.kind(), TokenKind::String(_)) {
                self.next();
                if self.text() == "{" {
                    return Err(self.unexpected("an operation or a fragment after its description"));
                }
            }
            let pos = self.pos();
            if self.word("fragment") {
                let (name, fragment) = self.fragment()?;
                let known = fragments.insert(name.node.clone(), Positioned::new(fragment, pos));
                once(known.is_none(), "fragment", &name)?;
            } else {
                let (name, operation) = self.operation()?;
                let operation = Positioned::new(operation, pos);
                if let Some(name) = name {
                    let known = named.insert(name.node.clone(), operation);
                    once(known.is_none(), "operation", &name)?;
                } else if unnamed.replace(operation).is_some() {
                    return Err(GraphqlError::invalid("the document has several operations without a name").at(pos));
                }
            }
            if *self.kind() == TokenKind::End {
                break;
            }
        }
        let operations = match unnamed {
            Some(operation) if named.is_empty() => DocumentOperations::Single(operation),
            Some(operation) => {
                let message = "an operation without a name must be the document's only operation";
                return Err(GraphqlError::invalid(message).at(operation.pos));
            }
            None => DocumentOperations::Multiple(named),
        };
        Ok(ExecutableDocument { operations, fragments })
    }

    fn operation(&mut self) -> Parsed<(Option<Positioned<Name>>, OperationDefinition)> {
        let ty = match self.text() {
            "{" => {
                let selection_set = self.selection_set()?;
                let (variable_definitions, directives) = (Vec::new(), Vec::new());
                let ty = OperationType::Query;
                return Ok((None, OperationDefinition { ty, variable_definitions, directives, selection_set }));
            }
            "query" => OperationType::Query,
            "mutation" => OperationType::Mutation,
            "subscription" => OperationType::Subscription,
            _ => return Err(self.unexpected("`query`, `mutation`, `subscription`, `fragment` or `{`")),
        };
        self.next();
        let name = if *self.kind() == TokenKind::Name { Some(self.name()?) } else { None };
        let variable_definitions = self.many_if("(", ")", Self::variable_definition)?;
        let directives = self.directives()?;
        let selection_set = self.selection_set()?;
        Ok((name, OperationDefinition { ty, variable_definitions, directives, selection_set }))
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        if matches!(self.kind(), TokenKind::String(_)) {
            self.next();
        }
        let pos = self.pos();
        self.punctuator("$")?;
        let name = self.name()?;
        self.punctuator(":")?;
        let at = self.pos();
        let var_type = Positioned::new(self.ty()?, at);
        let mut default_value = None;
        if self.skip("=") {
            let at = self.pos();
            let value = self.value()?.into_const();
            let value = value.ok_or_else(|| wrong("a default value cannot have variables", at))?;
            default_value = Some(Positioned::new(value, at));
        }
        let directives = self.directives()?;
        let has_variable = |directive: &Positioned<Directive>| directive.node.clone().into_const().is_none();
        if let Some(directive) = directives.iter().find(|directive| has_variable(directive)) {
            return Err(wrong("a directive of a variable cannot have variables", directive.pos));
        }
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn ty(&mut self) -> Parsed<Type> {
        let base = if self.skip("[") {
            let item = self.ty()?;
            self.punctuator("]")?;
            BaseType::List(Box::new(item))
        } else {
            BaseType::Named(self.name()?.node)
        };
        Ok(Type { base, nullable: !self.skip("!") })
    }

    fn fragment(&mut self) -> Parsed<(Positioned<Name>, FragmentDefinition)> {
        let name = self.fragment_name()?;
        let type_condition = self.type_condition()?.ok_or_else(|| self.unexpected("`on`"))?;
        let directives = self.directives()?;
        let selection_set = self.selection_set()?;
        Ok((name, FragmentDefinition { type_condition, directives, selection_set }))
    }

    fn fragment_name(&mut self) -> Parsed<Positioned<Name>> {
        if self.text() == "on" {
            Err(self.unexpected("the name of a fragment, which cannot be `on`"))
        } else {
            self.name()
        }
    }

    fn type_condition(&mut self) -> Parsed<Option<Positioned<TypeCondition>>> {
        let pos = self.pos();
        if !self.word("on") {
            return Ok(None);
        }
        let on = self.name()?;
        Ok(Some(Positioned::new(TypeCondition { on }, pos)))
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.pos();
        let items = self.many("{", "}", Self::selection)?;
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.pos();
        let selection = if !self.skip("...") {
            Selection::Field(Positioned::new(self.field()?, pos))
        } else if *self.kind() == TokenKind::Name && self.text() != "on" {
            let (fragment_name, directives) = (self.name()?, self.directives()?);
            Selection::FragmentSpread(Positioned::new(FragmentSpread { fragment_name, directives }, pos))
        } else {
            let type_condition = self.type_condition()?;
            let (directives, selection_set) = (self.directives()?, self.selection_set()?);
            Selection::InlineFragment(Positioned::new(
                InlineFragment { type_condition, directives, selection_set },
                pos,
            ))
        };
        Ok(Positioned::new(selection, pos))
    }

    fn field(&mut self) -> Parsed<Field> {
        let first = self.name()?;
        let (alias, name) = if self.skip(":") { (Some(first), self.name()?) } else { (None, first) };
        let arguments = self.arguments()?;
        let directives = self.directives()?;
        let selection_set = if self.text() == "{" { self.selection_set()? } else { Positioned::default() };
        Ok(Field { alias, name, arguments, directives, selection_set })
    }

    fn directives(&mut self) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        loop {
            let pos = self.pos();
            if !self.skip("@") {
                return Ok(directives);
            }
            let (name, arguments) = (self.name()?, self.arguments()?);
            directives.push(Positioned::new(Directive { name, arguments }, pos));
        }
    }

    fn arguments(&mut self) -> Parsed<Arguments> {
        self.many_if("(", ")", |parser| {
            let name = parser.name()?;
            parser.punctuator(":")?;
            let pos = parser.pos();
            Ok((name, Positioned::new(parser.value()?, pos)))
        })
    }
}

fn once(first: bool, what: &str, name: &Positioned<Name>) -> Parsed<()> {
    let again = || GraphqlError::invalid(format!("the {what} `{}` occurs twice", name.node)).at(name.pos);
    if first { Ok(()) } else { Err(again()) }
}

fn wrong(message: &str, pos: Pos) -> GraphqlError {
    GraphqlError::new(ErrorCode::GraphqlParseFailed, message).at(pos)
}

#[cfg(test)]
mod tests;
