// What a release is made of and what is said of its vulnerabilities, to take away in the forms that other tools read.
import { Menu, Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

const exports = [
  { label: "CycloneDX 1.6", search: "sbom?format=cyclonedx" },
  { label: "CycloneDX 1.6 with vulnerabilities", search: "sbom?format=cyclonedx&vulnerabilities=true" },
  { label: "SPDX 2.3", search: "sbom?format=spdx" },
  { label: "SPDX 2.3 with vulnerabilities", search: "sbom?format=spdx&vulnerabilities=true" },
  { label: "VEX as OpenVEX", search: "vex?format=openvex" },
  { label: "VEX as CycloneDX", search: "vex?format=cyclonedx" },
] as const;

export function Exports({ releaseId }: { releaseId: string }) {
  return (
    <Menu position="bottom-end" width={270}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden="true" />}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {exports.map(({ label, search }) => (
          <Menu.Item key={search} component="a" href={`/api/v1/releases/${encodeURIComponent(releaseId)}/${search}`} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
