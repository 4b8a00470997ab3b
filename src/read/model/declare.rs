//! Builders of a type's declaration over `SeaORM` columns. Those of its relations are in `relation`.

use sea_orm::{EntityName, IdenStatic};

use super::{EntityField, EntityType, FieldKind, KeyKind, OwnRows, Owner, SortKey, Visibility, camel_case};

impl EntityType {
    /// Starts a declaration: GraphQL names, meaning, and the entity with its key column.
    #[must_use]
    pub fn new<E: EntityName + Default>(
        name: &'static str,
        (singular, plural): (&'static str, &'static str),
        key: impl IdenStatic,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            singular,
            plural,
            description,
            table: E::default().table_name(),
            key: key.as_str(),
            key_kind: KeyKind::Int,
            node: true,
            fields: vec![EntityField::own_id(key.as_str())],
            relations: Vec::new(),
            natural_keys: Vec::new(),
            default_order: ("id", false),
            mirrored: true,
            own_rows: OwnRows::None,
            linked_rows: None,
            owner: Owner::Everyone,
            admin_only: false,
            versioned: false,
        }
    }

    /// The key is text that this server made.
    #[must_use]
    pub fn text_key(mut self) -> Self {
        self.key_kind = KeyKind::Text;
        if let Some(sort) = self.fields.first_mut().and_then(|id| id.sort.as_mut()) {
            sort.text = true;
        }
        self
    }

    /// Rows are not mirrored: none is a stub, none is deleted by FirstPromoter.
    #[must_use]
    pub fn not_mirrored(mut self) -> Self {
        self.mirrored = false;
        self
    }

    /// Only an admin may read it.
    #[must_use]
    pub fn admin_only(mut self) -> Self {
        self.admin_only = true;
        self
    }

    /// The projector alone writes its rows: the mirror's version grows with every change.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// Adds `firstPromoterId`: the key as FirstPromoter writes it.
    #[must_use]
    pub fn first_promoter_id(mut self, description: &str) -> Self {
        let field = EntityField::new(self.key, FieldKind::BigInt, description).named("firstPromoterId");
        self.fields.push(field.seen_by(Visibility::Key, "an id, which every viewer of the row sees").required());
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, field: EntityField) -> Self {
        if let FieldKind::Enum(_) = field.kind {
            let mut raw = field.clone();
            raw.name = format!("{}Raw", field.name);
            raw.kind = FieldKind::Text;
            raw.description = format!("`{}` as FirstPromoter sends it.", field.name);
            self.fields.push(field);
            self.fields.push(raw);
        } else {
            self.fields.push(field);
        }
        self
    }

    /// Describes the raw text of the last enum, if it is not FirstPromoter's.
    #[must_use]
    pub fn raw_means(mut self, description: &str) -> Self {
        if let Some(raw) = self.fields.last_mut() {
            description.clone_into(&mut raw.description);
        }
        self
    }

    /// Lets the singular root field find a row by this column.
    #[must_use]
    pub fn natural_key(mut self, column: impl IdenStatic) -> Self {
        self.natural_keys.push(column.as_str());
        self
    }

    /// Lists are newest first by this field unless they ask for another order.
    #[must_use]
    pub fn newest_first(mut self, field: &'static str) -> Self {
        self.default_order = (field, true);
        self
    }

    /// The rows that a promoter sees.
    #[must_use]
    pub fn own_rows(mut self, rows: OwnRows) -> Self {
        self.own_rows = rows;
        self
    }

    /// The rows that a promoter sees through linked relations.
    #[must_use]
    pub fn linked_rows(mut self, rows: OwnRows) -> Self {
        self.linked_rows = Some(rows);
        self
    }

    /// In which of its rows a promoter sees the guarded fields.
    #[must_use]
    pub fn owned_by(mut self, owner: Owner) -> Self {
        self.owner = owner;
        self
    }
}

impl EntityField {
    /// A field over a column, named after it in camelCase, open and filterable.
    #[must_use]
    pub fn new(column: &'static str, kind: FieldKind, description: &str) -> Self {
        Self {
            name: camel_case(column),
            description: description.to_owned(),
            column,
            kind,
            required: false,
            visibility: Visibility::Open,
            reason: match kind {
                FieldKind::GlobalId | FieldKind::RelatedId(_) => "an opaque id",
                FieldKind::Enum(_) => "a word of a list",
                FieldKind::Text | FieldKind::Texts | FieldKind::Json | FieldKind::Bytes => "",
                FieldKind::BigInt | FieldKind::Int | FieldKind::Bool | FieldKind::Time | FieldKind::Decimal => {
                    "a number, a date or a flag"
                }
            },
            sort: None,
            folded: None,
            filterable: !matches!(kind, FieldKind::Json | FieldKind::Bytes),
            instead: None,
            measured_in: None,
        }
    }

    fn own_id(key: &'static str) -> Self {
        let mut field = Self::new(key, FieldKind::GlobalId, "Opaque id, unique across all types; see `node`.");
        field.name = String::from("id");
        field.visibility = Visibility::Key;
        field.required = true;
        field.sort = Some(SortKey { column: key.to_owned(), text: false });
        field
    }

    /// Lists can be ordered by it: over the generated `..._sort` column of a number.
    #[must_use]
    pub fn orderable(mut self) -> Self {
        let sorted = self.folded.clone().unwrap_or_else(|| format!("{}_sort", self.column));
        self.sort = Some(SortKey { column: sorted, text: self.folded.is_some() });
        self
    }

    /// Lists can be ordered by the column itself, which is never null.
    #[must_use]
    pub fn orderable_as_it_is(mut self) -> Self {
        self.sort = Some(SortKey { column: self.column.to_owned(), text: self.kind == FieldKind::Text });
        self
    }

    /// Case-insensitive search over the folded copy.
    #[must_use]
    pub fn searchable(mut self) -> Self {
        self.folded = Some(format!("{}_folded", self.column));
        self
    }

    /// This number means none: another column of the row is shown in its place, or `null`.
    #[must_use]
    pub fn shown_instead_of(mut self, none: i64, other: &'static str) -> Self {
        self.instead = Some((none, other));
        self
    }

    /// An amount whose unit is in this field of the row.
    #[must_use]
    pub fn measured_in(mut self, unit: &'static str) -> Self {
        self.measured_in = Some(unit);
        self
    }

    /// Another GraphQL name than the column's.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Its visibility, and the reason: what it may contain.
    #[must_use]
    pub fn seen_by(mut self, visibility: Visibility, reason: &'static str) -> Self {
        self.visibility = visibility;
        self.reason = reason;
        self
    }

    /// Every row has a value.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}
