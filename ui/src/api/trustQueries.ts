// The questions about whom the server trusts, and what that makes of a document's signatures.
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

export const trustRootsQuery = () =>
  queryOptions({ queryKey: ["trust-roots"], queryFn: () => answer(client.GET("/api/v1/trust-roots")) });

export const signersQuery = () =>
  queryOptions({ queryKey: ["signers"], queryFn: () => answer(client.GET("/api/v1/signers")) });

export const buildersQuery = () =>
  queryOptions({ queryKey: ["builders"], queryFn: () => answer(client.GET("/api/v1/builders")) });

export const knownBuildersQuery = () =>
  queryOptions({
    queryKey: ["builders", "known"],
    queryFn: () => answer(client.GET("/api/v1/builders/known")),
    staleTime: Infinity,
  });

export const evidenceAttestationsQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "attestations"],
    queryFn: () => answer(client.GET("/api/v1/evidence/{id}/attestations", { params: { path: { id } } })),
  });
