// Services down, environments across. On a narrow screen each service becomes a list of its environments.
import type { ApplicationDetail, DecisionSummary, DeploymentSummary, Environment } from "../../api/schema";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { DeploymentPill, RightImagePill, VerdictPill } from "../../components/words";
import { paths } from "../../paths";
import styles from "./PlaceMatrix.module.css";

type Service = ApplicationDetail["services"][number];

export function PlaceMatrix({ application }: { application: ApplicationDetail }) {
  const { services, environments } = application;
  if (services.length === 0) {
    return (
      <EmptyState title="No service yet" command={`shipworthy release create --application ${application.name} --service cart --version 1.0.0`}>
        A service comes into being with its first release.
      </EmptyState>
    );
  }
  return (
    <div className={styles.scroll} role="group" aria-label="What runs where" tabIndex={0}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            {environments.map((environment) => (
              <th key={environment.id} scope="col">
                {environment.name} <span className="muted">{kindBeyondName(environment)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <tr key={service.id}>
              <th scope="row">
                <ServiceName service={service} applicationName={application.name} />
              </th>
              {environments.map((environment) => {
                const place = service.places.find(({ environment_id }) => environment_id === environment.id);
                return (
                  <td key={environment.id}>
                    <span className={styles.where}>{environment.name}</span>
                    <Place deployment={place?.deployment} decision={place?.decision} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ServiceName({ service, applicationName }: { service: Service; applicationName: string }) {
  return (
    <>
      <Link href={paths.releases({ application: applicationName, service: service.name })}>
        <b>{service.name}</b>
      </Link>
      {service.latest_release && (
        <div className="muted">
          newest <Link href={paths.release(service.latest_release.id)}>{service.latest_release.version}</Link>,{" "}
          <Instant at={service.latest_release.created_at} />
        </div>
      )}
    </>
  );
}

interface PlaceProps {
  deployment?: DeploymentSummary | null;
  decision?: DecisionSummary | null;
}

function Place({ deployment, decision }: PlaceProps) {
  if (!deployment && !decision) return <span className="muted">not here</span>;
  const isAboutAnother = decision && decision.release.id !== deployment?.release.id;
  return (
    <div className={styles.place}>
      {deployment && (
        <>
          <div className="row">
            <Link href={paths.release(deployment.release.id, { tab: "deployments" })}>
              <b>{deployment.release.name}</b>
            </Link>
            {deployment.state !== "running" && <DeploymentPill state={deployment.state} />}
            <RightImagePill isRight={deployment.is_right_image} />
          </div>
          <span className="muted">
            since <Instant at={deployment.changed_at} />
          </span>
        </>
      )}
      {decision && (
        <div className="row">
          <Link href={paths.decision(decision.id)} title={decision.headline}>
            <VerdictPill verdict={decision.verdict} />
          </Link>
          {isAboutAnother && <span className="muted">{decision.release.name}</span>}
        </div>
      )}
    </div>
  );
}

function kindBeyondName({ name, kind }: Environment): string {
  return name === kind ? "" : kind;
}
