//! The one schema of a session. It opens a table when SQL first names it, so that starting costs nothing.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{
    CatalogProvider, CatalogProviderList, MemoryCatalogProvider, MemoryCatalogProviderList, SchemaProvider,
    TableProvider,
};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::datasource::{MemTable, TableType, ViewTable};
use datafusion::error::DataFusionError;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use tokio::sync::OnceCell;

use super::dataset::{DatasetSchema, FileTable, MemoryTable, SessionSource, Shown, live_rows, view_schema};
use super::export::{ExportRules, MarkedTable, mark_of_view};
use super::kept::Kept;
use super::limits::{CATALOG, EngineLimits, SCHEMA};
use super::revisions::History;
use super::session::verify_read_only;
use super::{EngineError, TableInfo};
use crate::lake::{Lake, Snapshot};

/// Where the rows of a name come from.
enum Origin {
    Empty,
    Stored { lake: Lake, version: i64, shown: Shown },
    Whole { lake: Lake, version: i64 },
    Memory(Arc<dyn TableProvider>),
    Files(FileTable),
    View { sql: String },
    Revisions { lake: Lake, snapshot: Snapshot, history: History },
}

struct Entry {
    info: TableInfo,
    schema: Option<DatasetSchema>,
    origin: Origin,
    opened: OnceCell<Arc<dyn TableProvider>>,
}

/// The tables and views of a session. A view sees only what stands before it, so no circle is possible.
#[derive(Clone)]
pub(super) struct LakeSchema {
    entries: Arc<Vec<Entry>>,
    index: Arc<HashMap<String, usize>>,
    /// Entries from here on are not seen.
    end: usize,
    base: SessionState,
    /// With these, tables carry marks and cannot be seen through.
    rules: Option<Arc<ExportRules>>,
    /// Views that are computed once; without it each query repeats the SQL of the views that it names.
    kept: Option<Arc<Kept>>,
}

impl fmt::Debug for LakeSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LakeSchema").field("names", &self.table_names()).finish_non_exhaustive()
    }
}

impl LakeSchema {
    pub(super) fn new(base: SessionState, source: SessionSource<'_>) -> Result<Self, EngineError> {
        let mut entries = Vec::new();
        let mut add = |name: &str, description: &str, schema: Option<DatasetSchema>, origin: Origin| {
            let info = TableInfo { name: name.to_owned(), description: description.to_owned() };
            entries.push(Entry { info, schema, origin, opened: OnceCell::new() });
        };
        for table in source.memory {
            let rows = in_memory(table).map_err(|source| EngineError::Setup { source: Box::new(source) })?;
            add(&table.name, &table.description, None, Origin::Memory(rows));
        }
        for table in source.files {
            add(&table.name, &table.description, None, Origin::Files(table.clone()));
        }
        if let Some((lake, snapshot)) = source.published {
            for (table, version) in &snapshot.tables {
                add(table, "published figures", None, Origin::Whole { lake: lake.clone(), version: *version });
            }
        }
        for table in source.whole {
            let origin = Origin::Whole { lake: table.lake.clone(), version: table.version };
            add(&table.name, &table.description, None, origin);
        }
        for dataset in source.datasets {
            let version = source.lake.and_then(|(_, snapshot)| snapshot.tables.get(&dataset.name));
            let live = source.live.get(&dataset.name).filter(|hashes| !hashes.is_empty());
            let origin = match (source.lake, version, live) {
                (Some((lake, _)), Some(version), Some(live)) => {
                    let hidden = source.hidden.get(&dataset.name).cloned().unwrap_or_default();
                    let placed = source.placed.get(&dataset.name).cloned().unwrap_or_default();
                    let shown = Shown { live: live.clone(), hidden, placed };
                    Origin::Stored { lake: lake.clone(), version: *version, shown }
                }
                _ => Origin::Empty,
            };
            add(&dataset.name, &dataset.description, Some(dataset.clone()), origin);
        }
        for view in source.staging {
            add(&view.name, "a staging view", None, Origin::View { sql: view.sql.clone() });
        }
        if let (Some(history), Some((lake, snapshot))) = (source.history, source.lake) {
            let (lake, snapshot, history) = (lake.clone(), snapshot.clone(), history.clone());
            let description = super::revisions::DESCRIPTION;
            add(super::REVISIONS, description, None, Origin::Revisions { lake, snapshot, history });
        }
        let mut index = HashMap::new();
        for (position, entry) in entries.iter().enumerate() {
            if index.insert(entry.info.name.clone(), position).is_some() {
                return Err(EngineError::Duplicate { name: entry.info.name.clone() });
            }
        }
        let end = entries.len();
        Ok(Self { entries: Arc::new(entries), index: Arc::new(index), end, base, rules: None, kept: None })
    }

    /// What is there, in order of definition.
    pub(super) fn tables(&self) -> Vec<TableInfo> {
        self.entries[..self.end].iter().map(|entry| entry.info.clone()).collect()
    }

    /// The same tables, with views of which only the columns are there.
    pub(super) fn with_columns_of_views(&self) -> Self {
        Self { kept: Some(Arc::new(Kept::columns(self.entries.len()))), ..self.clone() }
    }

    /// The same tables, with the rows of some views computed once.
    pub(super) fn with_rows_kept(&self, views: BTreeSet<String>, limits: &EngineLimits) -> Self {
        Self { kept: Some(Arc::new(Kept::rows(self.entries.len(), views, limits.clone()))), ..self.clone() }
    }

    /// The same tables, each with its mark.
    pub(super) fn marked(&self, rules: &ExportRules) -> Self {
        Self { rules: Some(Arc::new(rules.clone())), kept: None, ..self.clone() }
    }

    /// A session state that sees this schema and nothing else.
    pub(super) fn state(&self) -> Result<SessionState, DataFusionError> {
        self.state_over(Arc::new(self.clone()))
    }

    fn state_over(&self, schema: Arc<dyn SchemaProvider>) -> Result<SessionState, DataFusionError> {
        let catalog = MemoryCatalogProvider::new();
        catalog.register_schema(SCHEMA, schema)?;
        let catalogs = MemoryCatalogProviderList::new();
        catalogs.register_catalog(CATALOG.to_owned(), Arc::new(catalog));
        Ok(SessionStateBuilder::new_from_existing(self.base.clone()).with_catalog_list(Arc::new(catalogs)).build())
    }

    async fn open(&self, position: usize) -> Result<Arc<dyn TableProvider>, DataFusionError> {
        let entry = &self.entries[position];
        match (&entry.origin, &entry.schema) {
            (Origin::Memory(table), _) => Ok(Arc::clone(table)),
            (Origin::Files(table), _) => file_provider(table),
            (Origin::Whole { lake, version }, _) => {
                lake.provider(&entry.info.name, *version).await.map_err(|e| DataFusionError::External(Box::new(e)))
            }
            (Origin::Stored { lake, version, shown }, Some(schema)) => {
                let stored = lake
                    .provider(&entry.info.name, *version)
                    .await
                    .map_err(|error| DataFusionError::External(Box::new(error)))?;
                let replaced_by = schema.replaced_by.as_deref();
                Ok(view(live_rows(stored, &view_schema(&schema.open), shown, replaced_by)?))
            }
            (Origin::Empty | Origin::Stored { .. }, schema) => {
                let open = schema.as_ref().map(|schema| view_schema(&schema.open));
                let empty = open.ok_or_else(|| DataFusionError::Internal("a dataset without schema".to_owned()))?;
                Ok(Arc::new(MemTable::try_new(empty, vec![vec![]])?))
            }
            (Origin::Revisions { lake, snapshot, history }, _) => {
                let tables = super::revisions::tables(history, lake, snapshot).await?;
                let state = self.state_over(Arc::new(tables))?;
                Ok(view(state.create_logical_plan(super::revisions::sql()).await?))
            }
            (Origin::View { sql }, _) => {
                let before = Self { end: position, rules: None, ..self.clone() };
                let name = &entry.info.name;
                let plan = before.plan_view(name, sql).await?;
                let shown = match &self.kept {
                    Some(kept) => kept.view(name, &plan, &before.state()?).await.map_err(EngineError::nested)?,
                    None => None,
                };
                Ok(shown.unwrap_or_else(|| view(plan)))
            }
        }
    }
}

impl LakeSchema {
    /// The plan of a view over what this schema shows.
    async fn plan_view(&self, name: &str, sql: &str) -> Result<LogicalPlan, DataFusionError> {
        let plan = self
            .state()?
            .create_logical_plan(sql)
            .await
            .map_err(|error| DataFusionError::Context(format!("the view `{name}`"), Box::new(error)))?;
        verify_read_only(&plan)?;
        Ok(plan)
    }

    /// A table with its mark. A view is seen through to marked tables where owners can be followed through it, else it
    /// is a table of its own.
    async fn marked_table(
        &self,
        position: usize,
        opened: Arc<dyn TableProvider>,
        rules: &ExportRules,
    ) -> Result<Arc<dyn TableProvider>, DataFusionError> {
        let entry = &self.entries[position];
        let name = &entry.info.name;
        let Origin::View { sql } = &entry.origin else {
            return Ok(Arc::new(MarkedTable::new(opened, rules.mark(name))));
        };
        let before = Self { end: position, ..self.clone() };
        let plan = before.plan_view(name, sql).await?;
        match mark_of_view(name, &plan, &opened.schema(), rules) {
            None => Ok(view(plan)),
            Some(mark) => Ok(Arc::new(MarkedTable::new(opened, mark))),
        }
    }
}

/// A table over Parquet files of one schema.
pub(super) fn file_provider(table: &FileTable) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    if table.files.is_empty() {
        return Ok(Arc::new(MemTable::try_new(Arc::clone(&table.schema), vec![vec![]])?));
    }
    let paths = table.files.iter().map(|path| {
        let url = url::Url::from_file_path(path);
        let url = url.map_err(|()| DataFusionError::Internal("a path that is not absolute".to_owned()))?;
        ListingTableUrl::parse(url)
    });
    let paths = paths.collect::<Result<Vec<_>, _>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(paths)
        .with_listing_options(options)
        .with_schema(Arc::clone(&table.schema));
    Ok(Arc::new(ListingTable::try_new(config)?))
}

/// A table of rows in memory.
pub(super) fn in_memory(table: &MemoryTable) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    Ok(Arc::new(MemTable::try_new(Arc::clone(&table.schema), vec![table.batches.clone()])?))
}

pub(super) fn view(plan: LogicalPlan) -> Arc<dyn TableProvider> {
    Arc::new(ViewTable::new(plan, None))
}

#[async_trait]
impl SchemaProvider for LakeSchema {
    fn table_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.entries[..self.end].iter().map(|entry| entry.info.name.clone()).collect();
        names.sort();
        names
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>, DataFusionError> {
        let Some(position) = self.index.get(name).copied().filter(|position| *position < self.end) else {
            return Ok(None);
        };
        let entry = &self.entries[position];
        // What a view shows depends on what is kept of the views below it.
        let cell = match (&self.kept, &entry.origin) {
            (Some(kept), Origin::View { .. }) => kept.cell(position),
            _ => &entry.opened,
        };
        let opened = cell.get_or_try_init(|| self.open(position)).await?;
        match &self.rules {
            None => Ok(Some(Arc::clone(opened))),
            Some(rules) => self.marked_table(position, Arc::clone(opened), rules).await.map(Some),
        }
    }

    async fn table_type(&self, name: &str) -> Result<Option<TableType>, DataFusionError> {
        Ok(self.table_exist(name).then_some(TableType::View))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.index.get(name).is_some_and(|position| *position < self.end)
    }
}
