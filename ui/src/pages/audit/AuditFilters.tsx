// What the audit log is asked, in the address: who, what group, where, when, which words.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { auditGroupsQuery } from "../../api/auditQueries";
import { applicationsQuery, environmentsQuery } from "../../api/queries";
import { Choice } from "../../components/Choice";
import { FilterInput } from "../../components/FilterInput";
import { useUrlState } from "../../components/urlState";
import { daysAgo } from "./period";

const periods = [7, 30, 90];

export function AuditFilters() {
  const [state, change] = useUrlState();
  const groups = useQuery(auditGroupsQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const applications = useInfiniteQuery(applicationsQuery()).data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="filters">
        <FilterInput label="Search" value={state.q} onChange={(q) => change({ q })} />
        <NativeSelect
          size="xs"
          aria-label="Group"
          value={state.group ?? ""}
          onChange={({ currentTarget }) => change({ group: currentTarget.value || undefined })}
          data={[{ value: "", label: "Group: all" }, ...groups.map(({ name, title }) => ({ value: name, label: title }))]}
        />
        <Choice label="Application" options={applications.map(({ name }) => name)} value={state.application} onChange={(application) => change({ application })} />
        <Choice label="Environment" options={environments.map(({ name }) => name)} value={state.environment} onChange={(environment) => change({ environment })} />
        <FilterInput label="Who" value={state.actor} onChange={(actor) => change({ actor })} />
        <FilterInput label="Action" value={state.action} onChange={(action) => change({ action })} />
        <FilterInput label="Id of the thing" value={state.object} onChange={(object) => change({ object })} />
      </div>
      <div className="filters">
        <TextInput size="xs" type="date" aria-label="From" value={state.from ?? ""} onChange={({ currentTarget }) => change({ from: currentTarget.value || undefined })} />
        <TextInput size="xs" type="date" aria-label="Until" value={state.until ?? ""} onChange={({ currentTarget }) => change({ until: currentTarget.value || undefined })} />
        {periods.map((days) => (
          <Button key={days} size="xs" variant="default" onClick={() => change({ from: daysAgo(days, Date.now()), until: undefined })}>
            Last {days} days
          </Button>
        ))}
      </div>
    </>
  );
}
