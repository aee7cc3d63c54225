//! Services, the deployable units of an application.

use crate::{Row, Session, StoreError, args};
use shipworthy_model::{ApplicationId, Service, ServiceId};

/// Adds a service unless the application has one of that name, and gives the one that is there now; `true` when it
/// is new.
///
/// # Errors
/// When the database fails.
pub async fn ensure(session: &mut Session, service: &Service) -> Result<(Service, bool), StoreError> {
    let Service { id, application_id, name, created_at } = service;
    let sql = "INSERT INTO service (id, application_id, name, created_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (application_id, name) DO NOTHING";
    let is_new = session.execute(sql, args![*id, *application_id, name, *created_at]).await? == 1;
    let found = find(session, *application_id, name).await?;
    Ok((found.ok_or_else(|| StoreError::not_found("service", name))?, is_new))
}

/// The service of the application with this name, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find(
    session: &mut Session,
    application: ApplicationId,
    name: &str,
) -> Result<Option<Service>, StoreError> {
    let sql = "SELECT id, application_id, name, created_at FROM service WHERE application_id = $1 AND name = $2";
    session.row(sql, args![application, name]).await?.map(|row| service(&row)).transpose()
}

/// The services of an application by name.
///
/// # Errors
/// When the database fails.
pub async fn of_application(session: &mut Session, application: ApplicationId) -> Result<Vec<Service>, StoreError> {
    let sql = "SELECT id, application_id, name, created_at FROM service WHERE application_id = $1 ORDER BY name";
    session.rows(sql, args![application]).await?.iter().map(service).collect()
}

/// The service with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(session: &mut Session, id: ServiceId) -> Result<Service, StoreError> {
    let sql = "SELECT id, application_id, name, created_at FROM service WHERE id = $1";
    let row = session.row(sql, args![id]).await?;
    service(&row.ok_or_else(|| StoreError::not_found("service", id))?)
}

fn service(row: &Row) -> Result<Service, StoreError> {
    let mut column = row.columns();
    Ok(Service { id: column.read()?, application_id: column.read()?, name: column.read()?, created_at: column.read()? })
}
