//! Spells a document out for async-graphql's validator, which has its own ideas of four things.
//!
//! * Its rules never look at `__typename`, so a variable in a directive there counts as unused: the
//!   directive moves to an inline fragment around it.
//! * For it, fields in inline fragments without a type condition are all on one type, wherever they
//!   stand: those fragments get the type that they are on.
//! * It refuses a nullable variable in a place that is not nullable but has a default. [`super::positions`]
//!   judges that by the specification, so here all variables of queries are not nullable.
//! * For it `-0` is no integer, since its parser reads a float: here it is `0`.

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, DocumentOperations, ExecutableDocument, InlineFragment, Selection, SelectionSet, Type, TypeCondition,
    },
};

use async_graphql_value::{ConstValue, Number, Value};

use super::schema::Schema;

/// Says the same in other words.
pub fn spell_out(schema: &Schema, document: &mut ExecutableDocument) {
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let root = super::schema::root_type(operation.node.ty);
        if root.is_some() {
            for variable in &mut operation.node.variable_definitions {
                let variable = &mut variable.node;
                if variable.default_value.as_ref().is_none_or(|default| default.node == ConstValue::Null) {
                    variable.default_value = None;
                    variable.var_type.node.nullable = false;
                }
            }
        }
        set(schema, root, &mut operation.node.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        let on = fragment.node.type_condition.node.on.node.clone();
        set(schema, Some(&on), &mut fragment.node.selection_set.node);
    }
}

/// The types of mutations are not in the model: there nothing is known of what a selection is on.
fn set(schema: &Schema, on: Option<&str>, selections: &mut SelectionSet) {
    for selection in &mut selections.items {
        let pos = selection.pos;
        match &mut selection.node {
            Selection::Field(field) if field.node.name.node == "__typename" => {
                if !field.node.directives.is_empty() {
                    let directives = std::mem::take(&mut field.node.directives);
                    let inner = Positioned::new(Selection::Field(field.clone()), pos);
                    let selection_set = Positioned::new(SelectionSet { items: vec![inner] }, pos);
                    let type_condition = on.map(|on| condition(on, pos));
                    let fragment = InlineFragment { type_condition, directives, selection_set };
                    selection.node = Selection::InlineFragment(Positioned::new(fragment, pos));
                }
            }
            Selection::Field(field) => {
                field.node.arguments.iter_mut().for_each(|(_, argument)| unsign_zeros(&mut argument.node));
                let definition = on.and_then(|on| schema.field(on, &field.node.name.node));
                let target = definition.map(|definition| named(&definition.ty));
                set(schema, target, &mut field.node.selection_set.node);
            }
            Selection::InlineFragment(inline) => {
                let inline = &mut inline.node;
                if inline.type_condition.is_none() {
                    inline.type_condition = on.map(|on| condition(on, pos));
                }
                let on = inline.type_condition.as_ref().map(|condition| condition.node.on.node.clone());
                set(schema, on.as_deref(), &mut inline.selection_set.node);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn is_minus_zero(number: &Number) -> bool {
    number.as_f64().is_some_and(|value| value == 0.0 && value.is_sign_negative())
}

fn unsign_zeros(value: &mut Value) {
    match value {
        Value::Number(number) if is_minus_zero(number) => *number = 0.into(),
        Value::List(items) => items.iter_mut().for_each(unsign_zeros),
        Value::Object(fields) => fields.values_mut().for_each(unsign_zeros),
        _ => {}
    }
}

fn condition(on: &str, pos: Pos) -> Positioned<TypeCondition> {
    Positioned::new(TypeCondition { on: Positioned::new(Name::new(on), pos) }, pos)
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}
