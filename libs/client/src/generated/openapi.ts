// Generated from docs/reference/openapi.json by "npm run generate". Do not edit.
export interface paths {
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The inbox: approvals, forms, budgets and next stages that wait for a person */
        get: operations["Approvals_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a file, as a form or as bare bytes with ?name=; at most 100 MiB
         * @description Takes no Idempotency-Key: bytes are kept once by their digest, so sending them again adds a second id for the same bytes and nothing else.
         */
        post: operations["Artifacts_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known of an artifact */
        get: operations["Artifacts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of an artifact, as a download */
        get: operations["Artifacts_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{id}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a file came to be, as an in-toto statement */
        get: operations["Provenance_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{id}/provenance/signed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same statement, signed by the server: a DSSE envelope */
        get: operations["Provenance_signed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prompts that templates share */
        get: operations["Prompts_list"];
        put?: never;
        /** Add a shared prompt: checked, then a commit of the registry */
        post: operations["PromptWrites_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One prompt: its text, what it reads, who uses it */
        get: operations["Prompts_show"];
        /** Change a prompt: checked, then a commit of the registry */
        put: operations["PromptWrites_change"];
        post?: never;
        /** Remove a prompt that nothing uses; runs that have it keep it */
        delete: operations["PromptWrites_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a prompt changed between two commits */
        get: operations["Prompts_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Commits that changed a prompt, newest first */
        get: operations["Prompts_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{name}/render": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The text of a prompt with values, or every variable that has none */
        post: operations["Prompts_render"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/provenance/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key that the server signs statements with */
        get: operations["Provenance_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the registry stands: commit, what serves, what is broken */
        get: operations["Registry_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registry/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads the registry now */
        post: operations["Registry_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registry/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where the Git host says that somebody pushed; signed with REGISTRY_WEBHOOK_SECRET */
        post: operations["Registry_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of the workspace, newest first */
        get: operations["Runs_list"];
        put?: never;
        /** Create a run of a template and start it */
        post: operations["Runs_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run with its stages, artifacts and what it waits for */
        get: operations["Runs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve the round of a stage that waits for it */
        post: operations["RunVerbs_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every file that the run made, those of earlier rounds too, oldest first */
        get: operations["Runs_artifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent and what came back, every try, oldest first */
        get: operations["Runs_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the run */
        post: operations["RunVerbs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in a run and what happens, as server-sent events */
        get: operations["Events_follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/next-stage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start the stage that waits under `advance: manual` */
        post: operations["RunVerbs_nextStage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin nothing new until resumed */
        post: operations["RunVerbs_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/request-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a stage back with comments: it gets another round */
        post: operations["RunVerbs_requestChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another round for a stage and all that depends on it */
        post: operations["RunVerbs_rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/rerun/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a rerun would make again, what must be approved again, and what it is likely to cost
         * @description Decides and writes nothing.
         */
        post: operations["RunVerbs_previewRerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what became of an attempt whose outcome nobody knew */
        post: operations["RunVerbs_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on after a pause, or with a raised budget */
        post: operations["RunVerbs_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another round for every failed stage */
        post: operations["RunVerbs_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/retry/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a retry would make again, and what it is likely to cost
         * @description Decides and writes nothing.
         */
        post: operations["RunVerbs_previewRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stages of a run in file order */
        get: operations["Runs_stages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a draft */
        post: operations["RunVerbs_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/submit-input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand in the form of a manual stage */
        post: operations["RunVerbs_submitInput"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with another revision; what did not change is reused */
        post: operations["RunVerbs_upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/upgrade/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an upgrade would make again, what must be approved again, and what it is likely to cost
         * @description Decides and writes nothing.
         */
        post: operations["RunVerbs_previewUpgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Templates that can be run */
        get: operations["Templates_list"];
        put?: never;
        /** Add a template: checked, then a commit of the registry */
        post: operations["TemplateWrites_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One template: inputs, stages, gates, and what is wrong with it */
        get: operations["Templates_show"];
        /** Change a template: checked, then a commit of the registry */
        put: operations["TemplateWrites_change"];
        post?: never;
        /** Remove a template from the registry; runs that have it keep it */
        delete: operations["TemplateWrites_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is different between two revisions, and which version that asks for */
        get: operations["TemplateRevisions_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its revisions, newest first, with who made the commit, when, and what for */
        get: operations["TemplateRevisions_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every revision that was ever served, newest first */
        get: operations["Templates_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a template as they lie in the registry */
        get: operations["TemplateWrites_source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{name}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many runs use which of its revisions, by state */
        get: operations["TemplateRevisions_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["Health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process can do its work */
        get: operations["Health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Actor: {
            /** @enum {string} */
            kind: "user" | "client" | "schedule" | "system";
            id: string;
            roles?: string[];
        };
        ArtifactRef: {
            artifact: string;
            name: string;
            type: string;
            mediaType: string;
            size: number;
            digest: string;
        };
        AttemptRecord: {
            task: string;
            stage: string;
            round: number;
            attempt: number;
            /** @enum {string} */
            state: "processing" | "done" | "failed" | "cancelled";
            /** @description ISO 8601 in UTC. */
            startedAt: string;
            endedAt: string | null;
            provider: string | null;
            model: string | null;
            sent: unknown;
            output: unknown;
            raw: string | null;
            toolCalls: {
                id: string;
                action: string;
                input: unknown;
                output: unknown;
                error: components["schemas"]["Failure"] | null;
            }[];
            usage: components["schemas"]["Usage"] | null;
            error: components["schemas"]["Failure"] | null;
            log: {
                /** @description ISO 8601 in UTC. */
                at: string;
                level: string;
                message: string;
            }[];
        };
        Envelope: {
            payloadType: string;
            /** @description Base64 of the statement in canonical JSON. */
            payload: string;
            signatures: {
                keyid: string;
                sig: string;
            }[];
        };
        Failure: {
            code: string;
            message: string;
            hint?: string;
            retryable: boolean;
            retryAfterMs?: number;
            details?: {
                [key: string]: unknown;
            };
        };
        Finding: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning";
            message: string;
            hint?: string;
            file: string;
            line: number;
            column: number;
            endLine?: number;
            endColumn?: number;
        };
        Gate: {
            approvers: string[];
            quorum: number;
            selfApproval: boolean;
            deadlineMs: number | null;
            onDeadline: ("escalate" | "approve" | "fail") | null;
            maxAttempts: number;
        };
        Liveness: {
            /** @enum {string} */
            status: "ok";
        };
        Problem: {
            /** @description URI reference of the kind of problem */
            type: string;
            title: string;
            status: number;
            /** @description Stable, AREA_REASON */
            code: string;
            detail: string;
            /** @description What the reader can do about it */
            hint?: string;
            /** @description Id of the request, as in the server log */
            instance: string;
        } & {
            [key: string]: unknown;
        };
        Prompt: {
            name: string;
            title: string | null;
            description: string | null;
            variables: components["schemas"]["PromptVariable"][];
            usedBy: components["schemas"]["PromptUses"];
            broken: boolean;
            /** @description Commit of the registry that it was read from */
            commit: string;
            /** @description Send it as "expected" with a change */
            contentDigest: string;
            /** @description The whole file, front matter included; null when it is no text */
            text: string | null;
            /** @description "variables" of the front matter: all that it may read. Null when it says nothing */
            declared: string[] | null;
            /** @description Prompts that it includes */
            partials: string[];
            findings: components["schemas"]["Finding"][];
        };
        PromptDiff: {
            from: string;
            to: string;
            changed: boolean;
            /** @description Unified diff; empty when nothing changed */
            diff: string;
        };
        PromptHistory: {
            items: components["schemas"]["RegistryCommit"][];
        };
        PromptList: {
            items: components["schemas"]["PromptSummary"][];
            total: number;
        };
        PromptSummary: {
            name: string;
            title: string | null;
            description: string | null;
            variables: components["schemas"]["PromptVariable"][];
            usedBy: components["schemas"]["PromptUses"];
            broken: boolean;
        };
        PromptUses: {
            /** @description Templates that are served and use it, also through a stage or another prompt */
            templates: string[];
            /** @description Reusable stages that name it */
            stages: string[];
            /** @description Prompts that include it */
            prompts: string[];
        };
        PromptVariable: {
            /** @description As one writes it, such as inputs.topic */
            name: string;
            /** @description Every rendering needs it; false: it is read in a condition, a list or with a default */
            required: boolean;
        };
        ProvenanceStatement: {
            /** @enum {string} */
            _type: "https://in-toto.io/Statement/v1";
            subject: {
                name: string;
                digest: {
                    sha256: string;
                };
            }[];
            /** @enum {string} */
            predicateType: "urn:stagewright:provenance:v1";
            predicate: {
                buildDefinition: {
                    /** @enum {string} */
                    buildType: "urn:stagewright:run:v1";
                    externalParameters: {
                        template: string;
                        version: string;
                        inputs: {
                            sha256: string;
                        };
                    };
                    internalParameters: {
                        models: {
                            [key: string]: {
                                provider: string;
                                model: string;
                            };
                        };
                        placeholder: boolean;
                    };
                    resolvedDependencies: {
                        name: string;
                        digest?: {
                            sha256?: string;
                            gitCommit?: string;
                        };
                        annotations?: {
                            [key: string]: string;
                        };
                    }[];
                };
                runDetails: {
                    builder: {
                        id: string;
                        version: {
                            [key: string]: string;
                        };
                    };
                    metadata: {
                        invocationId: string;
                        startedOn: string | null;
                        finishedOn: string | null;
                    };
                };
                origin: {
                    stage: string;
                    task: string;
                    round: number;
                    attempt: number;
                    inputDigest: string | null;
                };
                steps: {
                    stage: string;
                    task: string;
                    round: number;
                    attempt: number;
                    /** @description ISO 8601 in UTC. */
                    finishedOn: string;
                    inputDigest: string | null;
                    outputDigest: string;
                    provider: string | null;
                    model: string | null;
                    reused: boolean;
                }[];
                decisions: {
                    /** @description ISO 8601 in UTC. */
                    at: string;
                    /** @enum {string} */
                    decision: "started" | "upgraded" | "approved" | "approved-by-deadline" | "approval-kept" | "changes-requested" | "input-given" | "input-kept";
                    stage: string | null;
                    round: number | null;
                    by: {
                        kind: string;
                        id: string;
                    } | null;
                }[];
            };
        };
        PublicKey: {
            keyid: string;
            /** @enum {string} */
            algorithm: "ed25519";
            pem: string;
        };
        Push: {
            /** @description Full name of the ref that was pushed to */
            ref?: string;
        };
        Range: {
            least: number;
            /** @description Null when nobody knows. */
            most: number | null;
        };
        Readiness: {
            /** @enum {string} */
            status: "ready" | "degraded" | "unavailable";
            /** @enum {string} */
            mode: "embedded" | "distributed";
            checks: {
                /** @description It answers */
                database: {
                    ok: boolean;
                    /** @description Stable code of what is wrong; null when nothing is */
                    cause: string | null;
                };
                /** @description Templates are being served */
                registry: {
                    ok: boolean;
                    /** @description Stable code of what is wrong; null when nothing is */
                    cause: string | null;
                    /** @description Seconds since the last sync that worked */
                    ageSeconds: number | null;
                    /** @description The last sync did not work; older templates serve */
                    stale: boolean;
                };
                /** @description Work is found and begun */
                work: {
                    ok: boolean;
                    /** @description Stable code of what is wrong; null when nothing is */
                    cause: string | null;
                };
                /** @description Work goes from one process to another; without it, it is found in the database */
                queue: {
                    ok: boolean;
                    /** @description Stable code of what is wrong; null when nothing is */
                    cause: string | null;
                };
            };
        };
        Registry: {
            /** @description "shipped" for the registry that comes with the product */
            url: string;
            ref: string;
            commit: string | null;
            syncedAt: string | null;
            /** @description Seconds since the last sync that worked */
            ageSeconds: number | null;
            /** @description Why the last sync did not work */
            failure: string | null;
            templates: components["schemas"]["RegistryTemplate"][];
            findings: components["schemas"]["Finding"][];
        };
        RegistryChange: {
            name: string;
            /** @description Commit that has it */
            commit: string;
            /** @description The branch that is served, or one that is ready for a pull request */
            branch: string;
            /** @description False: the registry had exactly this already */
            changed: boolean;
            /** @description New runs use it; false until the branch is merged and the registry synced */
            served: boolean;
            /** @description Names the content: send it as "expected" with the next change. Null when it is gone */
            contentDigest: string | null;
            /** @description What a run of the template would use */
            revision: components["schemas"]["Revision"] | null;
            /** @description Warnings */
            findings: components["schemas"]["Finding"][];
        };
        RegistryCommit: {
            commit: string;
            author: string;
            at: string;
            subject: string;
        };
        RegistryTemplate: {
            name: string;
            version: string;
            /** @description Commit at which this content was first served */
            commit: string;
            digest: string;
            /** @description The present commit breaks it, so an older revision goes on serving */
            broken: boolean;
        };
        RenderedPrompt: {
            text: string;
        };
        Revision: {
            template: string;
            version: string;
            commit: string;
            digest: string;
        };
        RunPreview: {
            run: string;
            /** @enum {string} */
            verb: "retry" | "rerun" | "upgrade";
            revision: {
                template: string;
                version: string;
                commit: string;
                digest: string;
            };
            stages: components["schemas"]["StagePreview"][];
            usd: components["schemas"]["Range"];
            tokens: components["schemas"]["Range"];
        };
        RunSummary: {
            id: string;
            title: string;
            template: string;
            /** @description Content digest. */
            revision: string;
            /** @enum {string} */
            state: "draft" | "running" | "approval_pending" | "input_pending" | "paused" | "done" | "failed" | "cancelled";
            progress: number;
            version: number;
            spent: components["schemas"]["Usage"];
            createdBy: components["schemas"]["Actor"];
            /** @description ISO 8601 in UTC. */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
        };
        RunView: {
            id: string;
            title: string;
            template: string;
            revision: {
                template: string;
                version: string;
                commit: string;
                digest: string;
            };
            /** @enum {string} */
            state: "draft" | "running" | "approval_pending" | "input_pending" | "paused" | "done" | "failed" | "cancelled";
            progress: number;
            version: number;
            inputs: {
                [key: string]: unknown;
            };
            outputs: {
                [key: string]: unknown;
            } | null;
            error: components["schemas"]["Failure"] | null;
            spent: components["schemas"]["Usage"];
            budgetUsd: number | null;
            placeholder: boolean;
            createdBy: components["schemas"]["Actor"];
            /** @description ISO 8601 in UTC. */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            stages: components["schemas"]["StageView"][];
            artifacts: components["schemas"]["ArtifactRef"][];
            waitingFor: components["schemas"]["RunWait"][];
        };
        RunWait: {
            /** @enum {string} */
            kind: "approval";
            stage: string;
            round: number;
            deadline: string | null;
            approvers: string[];
        } | {
            /** @enum {string} */
            kind: "input";
            stage: string;
            task: string;
            assignees: string[];
        } | {
            /** @enum {string} */
            kind: "review";
            stage: string;
            task: string;
            attempt: number;
            code: string;
            message: string;
        } | {
            /** @enum {string} */
            kind: "advance";
            stage: string;
        } | {
            /** @enum {string} */
            kind: "budget";
            usd: number;
            spent: number;
        } | {
            /** @enum {string} */
            kind: "timer";
            timer: components["schemas"]["Timer"];
        };
        StagePreview: {
            stage: string;
            name: string;
            /** @enum {string} */
            mode: "ai" | "manual" | "system" | "cli_loop";
            /** @enum {string} */
            verdict: "keep" | "reuse" | "make" | "ask" | "depends" | "skip" | "wait" | "fail";
            /** @description Stages that have to be there before it is known. */
            dependsOn: string[];
            tasks: {
                make: number;
                reuse: number;
            } | null;
            /** @enum {string} */
            approval: "none" | "stands" | "again" | "depends";
            error: components["schemas"]["Failure"] | null;
            usd: components["schemas"]["Range"];
            tokens: components["schemas"]["Range"];
        };
        StageView: {
            id: string;
            name: string;
            /** @enum {string} */
            mode: "ai" | "manual" | "system" | "cli_loop";
            sequence: number;
            /** @enum {string} */
            state: "pending" | "ready" | "running" | "approval_pending" | "input_pending" | "done" | "failed" | "skipped" | "cancelled";
            round: number;
            tasks: components["schemas"]["TaskView"][];
            output: unknown;
            error: components["schemas"]["Failure"] | null;
            approval: {
                round: number;
                approvers: string[];
                quorum: number;
                deadline: string | null;
                escalated: boolean;
                given: {
                    actor: components["schemas"]["Actor"];
                    /** @description ISO 8601 in UTC. */
                    at: string;
                    comment: string | null;
                }[];
            } | null;
            changes: {
                round: number;
                actor: components["schemas"]["Actor"];
                comments: {
                    body: string;
                    task?: string;
                    path?: string;
                    line?: number;
                }[];
            }[];
            startedAt: string | null;
            endedAt: string | null;
        };
        TaskView: {
            id: string;
            index: number;
            /** @enum {string} */
            state: "pending" | "queued" | "processing" | "done" | "failed" | "skipped" | "cancelled";
            attempt: number;
            error: components["schemas"]["Failure"] | null;
            retryAt: string | null;
            artifacts: components["schemas"]["ArtifactRef"][];
        };
        Template: {
            name: string;
            title: string;
            description: string;
            /** @description Workflow type, such as "ebook" */
            type: string;
            labels: {
                [key: string]: string;
            };
            owners: string[];
            revision: components["schemas"]["Revision"];
            /** @description The registry's present commit breaks it, so an older revision serves */
            broken: boolean;
            /** @description JSON Schema 2020-12 of the inputs */
            inputs: {
                [key: string]: unknown;
            };
            permissions: string[];
            budget: {
                usd: number;
                /** @enum {string} */
                onExceed: "ask" | "fail";
            } | null;
            stages: components["schemas"]["TemplateStage"][];
            outputs: string[];
            /** @description Warnings, and the errors of a newer commit that broke it */
            findings: components["schemas"]["Finding"][];
        };
        TemplateChange: {
            /** @enum {string} */
            area: "about" | "inputs" | "outputs" | "stages" | "order" | "gates" | "prompts" | "contracts" | "models" | "permissions" | "budget" | "end actions";
            /** @description What is different: `stages.outline.approval` */
            path: string;
            /**
             * @description docs/reference/versions.md lists them
             * @enum {string}
             */
            rule: "about-changed" | "type-changed" | "input-required" | "input-removed" | "input-narrowed" | "input-unclear" | "input-added" | "input-widened" | "input-default" | "output-removed" | "output-widened" | "output-unclear" | "output-added" | "output-narrowed" | "output-source" | "stage-removed" | "stage-mode" | "stage-added" | "stage-asks-people" | "stage-order" | "stage-condition" | "stage-items" | "stage-final" | "stage-action" | "stage-arguments" | "stage-command" | "stage-tools" | "stage-settings" | "form-narrowed" | "form-unclear" | "form-widened" | "assignees-opened" | "assignees-changed" | "gate-removed" | "gate-weakened" | "gate-added" | "gate-strengthened" | "gate-approvers" | "gate-settings" | "prompt-text" | "prompt-added" | "prompt-removed" | "contract-changed" | "models-changed" | "model-settings" | "permission-widened" | "permission-narrowed" | "permission-of-stage" | "budget-removed" | "budget-fails" | "budget-changed" | "end-action-removed" | "end-action-added" | "end-action-changed";
            /** @enum {string} */
            bump: "patch" | "minor" | "major";
            summary: string;
            why: string;
            /** @description Texts of several lines, such as prompts */
            lines?: {
                /** @enum {string} */
                sign: " " | "-" | "+";
                text: string;
            }[];
        };
        TemplateDiff: {
            from: components["schemas"]["TemplateRevision"];
            to: components["schemas"]["TemplateRevision"];
            changes: components["schemas"]["TemplateChange"][];
            /** @description Highest class among the changes */
            required: ("patch" | "minor" | "major") | null;
            version: {
                from: string;
                to: string;
                needed: ("patch" | "minor" | "major") | null;
                given: ("patch" | "minor" | "major") | null;
                enough: boolean;
                /** @description The lowest version that would be enough */
                least: string;
            };
            /** @description Registry paths of the files whose bytes are different */
            files: string[];
        };
        TemplateHistory: {
            items: {
                template: string;
                version: string;
                commit: string;
                digest: string;
                served: boolean;
                /** @description Its commit went with a rewritten history: no new run may use it */
                lost: boolean;
                firstSeenAt: string;
                /** @description What Git says of the commit; null when the mirror of the server does not have it */
                change: {
                    author: string;
                    at: string;
                    subject: string;
                } | null;
            }[];
            total: number;
        };
        TemplateList: {
            items: components["schemas"]["TemplateSummary"][];
            total: number;
        };
        TemplateRevision: {
            template: string;
            version: string;
            commit: string;
            digest: string;
            served: boolean;
            /** @description Its commit went with a rewritten history: no new run may use it */
            lost: boolean;
            firstSeenAt: string;
        };
        TemplateRevisionList: {
            items: components["schemas"]["TemplateRevision"][];
            total: number;
        };
        TemplateSource: {
            name: string;
            /** @description Commit of the registry that it was read from */
            commit: string;
            contentDigest: string;
            /** @description template.yaml */
            template: string;
            /** @description Its other files: path -> text */
            files: {
                [key: string]: string;
            };
            /** @description Files that are no text; a change over the API leaves them alone */
            otherFiles: string[];
        };
        TemplateStage: {
            id: string;
            name: string;
            description: string;
            /** @enum {string} */
            mode: "ai" | "manual" | "system" | "cli_loop";
            sequence: number;
            needs: string[];
            /** @description Action of a system stage */
            uses: string | null;
            forEach: boolean;
            approval: components["schemas"]["Gate"] | null;
            /** @enum {string} */
            advance: "auto" | "manual";
            /** @description JSON Schema of one task's output */
            output: {
                [key: string]: unknown;
            } | null;
        };
        TemplateSummary: {
            name: string;
            title: string;
            description: string;
            /** @description Workflow type, such as "ebook" */
            type: string;
            labels: {
                [key: string]: string;
            };
            owners: string[];
            revision: components["schemas"]["Revision"];
            /** @description The registry's present commit breaks it, so an older revision serves */
            broken: boolean;
        };
        TemplateUsage: {
            items: {
                template: string;
                version: string;
                commit: string;
                digest: string;
                served: boolean;
                /** @description Its commit went with a rewritten history: no new run may use it */
                lost: boolean;
                firstSeenAt: string;
                /** @description State -> runs; states without one are left out */
                runs: {
                    [key: string]: number;
                };
            }[];
            /** @description Of a state with more runs than this, the newest are counted */
            countedOfEachState: number;
        };
        Timer: {
            /** @enum {string} */
            kind: "retry";
            task: string;
            attempt: number;
            /** @description ISO 8601 in UTC. */
            at: string;
        } | {
            /** @enum {string} */
            kind: "deadline";
            stage: string;
            round: number;
            /** @description ISO 8601 in UTC. */
            at: string;
        } | {
            /** @enum {string} */
            kind: "end-action-retry";
            index: number;
            attempt: number;
            /** @description ISO 8601 in UTC. */
            at: string;
        };
        Usage: {
            inputTokens: number;
            outputTokens: number;
            usd: number | null;
        };
        WebhookAnswer: {
            /** @description The push was to the ref that serves, so the registry is read now */
            syncs: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Approvals_list: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
                kind?: "approval" | "input" | "review" | "advance" | "budget";
                template?: string;
                run?: string;
                /** @description The `next` of the page before: what came before it is not read again, however far in the list. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            run: {
                                id: string;
                                title: string;
                                template: string;
                                /** @enum {string} */
                                state: "draft" | "running" | "approval_pending" | "input_pending" | "paused" | "done" | "failed" | "cancelled";
                            };
                            /** @description ISO 8601 in UTC. */
                            since: string;
                            /** @description A decision names its `stage` and `round`; to resolve a `review` takes its `task` and `attempt`. */
                            wait: components["schemas"]["RunWait"];
                        }[];
                        /** @description `after` of the next page; null when this is the last one. */
                        next: string | null;
                        /** @description Counted up to 1,000: that many stands for as many or more. */
                        total: number;
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Artifacts_upload: {
        parameters: {
            query?: {
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
                "application/octet-stream": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the artifact. */
                        artifact: string;
                        name: string;
                        type: string;
                        mediaType: string;
                        /** @description Bytes. */
                        size: number;
                        /** @description sha256 of the bytes. */
                        digest: string;
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Artifacts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the artifact. */
                        artifact: string;
                        name: string;
                        type: string;
                        mediaType: string;
                        /** @description Bytes. */
                        size: number;
                        /** @description sha256 of the bytes. */
                        digest: string;
                        /** @description Where it was made; null for an upload. */
                        run: {
                            id: string;
                            stage: string;
                            task: string;
                            attempt: number;
                        } | null;
                        metadata: {
                            [key: string]: unknown;
                        };
                        /** Format: date-time */
                        createdAt: string;
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Artifacts_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Provenance_statement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProvenanceStatement"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Provenance_signed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Envelope"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Prompts_list: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptList"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PromptWrites_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Lower-case letters, digits, "-" and "_"; folders with "/" */
                    name: string;
                    /** @description The whole file: Handlebars, with front matter if wanted */
                    text: string;
                    /** @description Subject of the commit, one line */
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Committed and served */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Prompts_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PromptWrites_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The whole file: Handlebars, with front matter if wanted */
                    text: string;
                    /** @description contentDigest of what you have changed; another present content is a conflict */
                    expected?: string;
                    /** @description Subject of the commit, one line */
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Committed and served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PromptWrites_remove: {
        parameters: {
            query?: {
                /** @description contentDigest of what you have changed; another present content is a conflict */
                expected?: string;
                /** @description Subject of the commit, one line */
                message?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Committed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Prompts_diff: {
        parameters: {
            query?: {
                /** @description Default: the commit that changed it before the last one */
                from?: string;
                /** @description Default: the commit that is served */
                to?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDiff"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Prompts_history: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptHistory"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Prompts_render: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the prompt reads, such as {"inputs": {"topic": "Tea"}} */
                    variables: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RenderedPrompt"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Provenance_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKey"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Registry_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Registry_sync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Registry_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Push"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_list: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
                state?: "draft" | "running" | "approval_pending" | "input_pending" | "paused" | "done" | "failed" | "cancelled";
                template?: string;
                /** @description The `next` of the page before: what came before it is not read again, however far in the list. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RunSummary"][];
                        /** @description `after` of the next page; null when this is the last one. */
                        next: string | null;
                        /** @description Counted up to 1,000: that many stands for as many or more. */
                        total: number;
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same run. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    template: string;
                    /** @description Commit or digest; default is what the registry serves now. */
                    revision?: string;
                    title?: string;
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @description False leaves the run a draft. */
                    start?: boolean;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stage: string;
                    /** @description Round of the stage that the decision is about. */
                    round: number;
                    comment?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_artifacts: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Id of the artifact. */
                            artifact: string;
                            name: string;
                            type: string;
                            mediaType: string;
                            /** @description Bytes. */
                            size: number;
                            /** @description sha256 of the bytes. */
                            digest: string;
                            /** @description Where it was made; null for an upload. */
                            run: {
                                id: string;
                                stage: string;
                                task: string;
                                attempt: number;
                            } | null;
                            metadata: {
                                [key: string]: unknown;
                            };
                            /** Format: date-time */
                            createdAt: string;
                        }[];
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_attempts: {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
                stage?: string;
                task?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AttemptRecord"][];
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Events_follow: {
        parameters: {
            query?: {
                /** @description `false` ends the stream after what has happened so far. */
                follow?: "true" | "false";
            };
            header?: {
                /** @description Go on after this id, without a gap or a repeat. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_nextStage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stage?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_requestChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stage: string;
                    /** @description Round of the stage that the decision is about. */
                    round: number;
                    comments: {
                        body: string;
                        task?: string;
                        /** @description JSON pointer into the output of the task. */
                        path?: string;
                        line?: number;
                    }[];
                    /** @description Only these tasks are made again. */
                    tasks?: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_rerun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    from: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_previewRerun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    from: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPreview"];
                };
            };
            /** @description The verb does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A task, or `end-action:<index>`. */
                    task: string;
                    /** @description The attempt whose outcome is in doubt. */
                    attempt: number;
                    /**
                     * @description It happened; it did not, do it again; give it up.
                     * @enum {string}
                     */
                    outcome: "done" | "repeat" | "fail";
                    /** @description What it gave, when it is done. Must satisfy the contract. */
                    output?: unknown;
                    comment?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    budgetUsd?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_previewRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPreview"];
                };
            };
            /** @description The verb does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Runs_stages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StageView"][];
                    };
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_submitInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stage: string;
                    task?: string;
                    input: unknown;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_upgrade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    revision?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description It does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RunVerbs_previewUpgrade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    revision?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPreview"];
                };
            };
            /** @description The verb does not apply now; `state` is the present state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Templates_list: {
        parameters: {
            query?: {
                /** @description Left out at the beginning */
                skip?: number;
                /** @description At most so many */
                limit?: number;
                /** @description Workflow type */
                type?: string;
                /** @description Label "category" */
                category?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateWrites_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description template.yaml, as YAML text or as JSON */
                    template: string | {
                        [key: string]: unknown;
                    };
                    /**
                     * @description The other files of its folder: path -> text, such as prompts/outline.hbs, schemas/outline.json, README.md
                     * @default {}
                     */
                    files?: {
                        [key: string]: string;
                    };
                    /** @description Subject of the commit, one line */
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Committed and served */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Templates_show: {
        parameters: {
            query?: {
                /** @description Commit or digest; default: what is served now */
                revision?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateWrites_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description template.yaml, as YAML text or as JSON */
                    template: string | {
                        [key: string]: unknown;
                    };
                    /** @description As with POST; without it, the other files stay as they are */
                    files?: {
                        [key: string]: string;
                    };
                    /** @description contentDigest of what you have changed; another present content is a conflict */
                    expected?: string;
                    /** @description Subject of the commit, one line */
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Committed and served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateWrites_remove: {
        parameters: {
            query?: {
                /** @description contentDigest of what you have changed; another present content is a conflict */
                expected?: string;
                /** @description Subject of the commit, one line */
                message?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Committed: no new run uses it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Committed to a branch of its own */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryChange"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateRevisions_diff: {
        parameters: {
            query: {
                /** @description Commit or digest of a revision */
                from: string;
                /** @description The same; default: what is served now */
                to?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateDiff"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateRevisions_history: {
        parameters: {
            query?: {
                /** @description Left out at the beginning */
                skip?: number;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateHistory"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Templates_revisions: {
        parameters: {
            query?: {
                /** @description Left out at the beginning */
                skip?: number;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateRevisionList"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateWrites_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateSource"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TemplateRevisions_usage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateUsage"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
