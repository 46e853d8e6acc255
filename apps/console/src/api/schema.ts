// Made by `npm run console:api` from the document of the admin API. Do not edit.
export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts by e-mail address, with their tokens, sessions and open links; page by page */
        get: operations["AccountsController_list"];
        put?: never;
        /** Invite somebody: the account, and the link to send to that person */
        post: operations["AccountsController_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account */
        get: operations["AccountsController_one"];
        put?: never;
        post?: never;
        /** Remove an account; its tokens stay behind, revoked */
        delete: operations["AccountsController_remove"];
        options?: never;
        head?: never;
        /** Change name, role or disabled: one of them */
        patch: operations["AccountsController_change"];
        trace?: never;
    };
    "/api/accounts/{id}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link by which the person chooses a new password; single sign-on binds the account anew */
        post: operations["AccountsController_resetLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the trail, the newest event first */
        get: operations["AuditController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The events that a filter finds as a table for spreadsheets, the newest first, 100,000 at most */
        get: operations["AuditController_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The trail as JSON Lines, the oldest event first; `cas audit verify` checks it */
        get: operations["AuditController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks the whole chain of hashes, also against a head that was noted before */
        get: operations["AuditController_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify/step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks the next events of the chain, so that a long check can show how far it is */
        get: operations["AuditController_step"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One attempt at a batch; members see of those in it which are their own */
        get: operations["TracesController_batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every model that is known by name or lies on a pod: facts, files, and the speed measured here */
        get: operations["CatalogueController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/catalogue/{name}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the downloads of a model; what has arrived is kept for the next one */
        post: operations["CatalogueController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/catalogue/{name}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Download the files of a model to pods; GET /api/pulls tells how far they are */
        post: operations["CatalogueController_pull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/catalogue/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read every byte of the files of a model on pods; GET /api/catalogue tells what came of it */
        post: operations["CatalogueController_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where callers reach the inference API, whether they need a token, and the version */
        get: operations["AboutController_about"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this process can run models on, at this moment */
        get: operations["DevicesController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changes, as server-sent events: `changed` with the topics, `ended` when the session has ended */
        get: operations["EventsController_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The limits of the service and of each token, what is left now, how often they refused, and who waits in the queues
         * @description The tokens with the smallest part left come first. Members see the service and their own tokens.
         */
        get: operations["LimitsController_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a password by the link of an invitation or a reset */
        post: operations["LinksController_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/log-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the process that answers logs, and until when */
        get: operations["LogLevelController_show"];
        /** Log more or less for a while, in every process on the database within seconds */
        put: operations["LogLevelController_set"];
        post?: never;
        /** Log as the settings say again, in every process */
        delete: operations["LogLevelController_reset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What should be served, its versions, and what each pod serves */
        get: operations["ModelsController_show"];
        /** Ask for these models from now on; the servers follow, GET shows how far this one is */
        put: operations["ModelsController_apply"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The steps that PUT would take; nothing is changed */
        post: operations["ModelsController_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask again for the models of an older version, as a new one; undone by rolling back to undoVersion */
        post: operations["ModelsController_rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/versions/{from}/diff/{to}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a version asks for that another one did not, in sentences */
        get: operations["ModelsController_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether single sign-on is offered */
        get: operations["SignOnController_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Come back from the provider */
        get: operations["SignOnController_finish"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Go to the provider */
        get: operations["SignOnController_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Traffic, errors, latency, queues and batches of all processes; members see their own use */
        get: operations["OverviewController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playground": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the inference API can be called from here */
        get: operations["PlaygroundController_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playground/embed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vectors of texts and images
         * @description Passed on to `POST /v1/embeddings` of the inference API as it is, with a token of the caller's account that the service keeps; the answer comes back as it is, failures in the form of this API. At most 16 MiB.
         */
        post: operations["PlaygroundController_embed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playground/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which regions of an image carry its score
         * @description Passed on to `POST /v1/explain` of the inference API as it is, with a token of the caller's account that the service keeps; the answer comes back as it is, failures in the form of this API. At most 16 MiB.
         */
        post: operations["PlaygroundController_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playground/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The models that are served
         * @description Passed on to `GET /v1/models` of the inference API as it is, with a token of the caller's account that the service keeps; the answer comes back as it is, failures in the form of this API. At most 16 MiB.
         */
        get: operations["PlaygroundController_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playground/rank": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Candidates in the order in which they fit a query
         * @description Passed on to `POST /v1/rank` of the inference API as it is, with a token of the caller's account that the service keeps; the answer comes back as it is, failures in the form of this API. At most 16 MiB.
         */
        post: operations["PlaygroundController_rank"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every process of the service, as it last reported; those that do not answer say why */
        get: operations["PodsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pods/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One process of the service */
        get: operations["PodsController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pods/{id}/replicas/{replica}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a replica no more batches, let it finish and end; the last one that serves is kept */
        post: operations["PodsController_drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pods/{id}/replicas/{replica}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a fresh replica in the place of one, ready before that goes; no request fails */
        post: operations["PodsController_restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pods/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start again the replicas that are wanted and were drained by hand */
        post: operations["PodsController_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pulls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Downloads of models on all pods, under way and lately ended */
        get: operations["CatalogueController_pulls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each role may do */
        get: operations["AboutController_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who calls, and what it may do */
        get: operations["SessionController_who"];
        put?: never;
        /** Log in: sets the session cookie */
        post: operations["SessionController_logIn"];
        /** Log out */
        delete: operations["SessionController_logOut"];
        options?: never;
        head?: never;
        /** Change the own name */
        patch: operations["SessionController_rename"];
        trace?: never;
    };
    "/api/session/others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own sessions, the latest used first */
        get: operations["OtherSessionsController_list"];
        put?: never;
        post?: never;
        /** End every own session but this one */
        delete: operations["OtherSessionsController_endAll"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/others/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of the own sessions */
        delete: operations["OtherSessionsController_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the own password; every other session ends */
        post: operations["SessionController_changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting of the process that answers: its value, its default, where the value came from */
        get: operations["SettingsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the service waits for its first account */
        get: operations["LinksController_setUpState"];
        put?: never;
        /** Make the first owner by the set-up link, and log it in */
        post: operations["LinksController_setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stored-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much is stored of what requests sent, and since when */
        get: operations["StoredRequestsController_counts"];
        put?: never;
        post?: never;
        /** Remove all that is stored of what came with a token */
        delete: operations["StoredRequestsController_removeAll"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tokens that the caller may see, the newest first; page by page */
        get: operations["TokensController_list"];
        put?: never;
        /** Make a token of the own; it is shown this once */
        post: operations["TokensController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One token */
        get: operations["TokensController_one"];
        put?: never;
        post?: never;
        /** Revoke a token: refused everywhere within a second; 10 minutes to restore it */
        delete: operations["TokensController_revoke"];
        options?: never;
        head?: never;
        /** Change name, scopes, models, limits or expiry; what is left out stays */
        patch: operations["TokensController_change"];
        trace?: never;
    };
    "/api/tokens/{id}/end-grace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the old secret of a rotation now; without one nothing changes */
        post: operations["TokensController_endGrace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}/impact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a revocation would break: who used it last, how much, and what will fail */
        get: operations["TokensController_impactOf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a revocation of the last 10 minutes: the same secret works again within a second */
        post: operations["TokensController_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret for the same token; the old one works on for graceMs */
        post: operations["TokensController_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finished requests whose traces were kept, the newest first; members see their own */
        get: operations["TracesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a request did, by its trace id or its request id */
        get: operations["TracesController_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a request sent, where that is stored; noted in the audit trail */
        get: operations["StoredRequestsController_one"];
        put?: never;
        post?: never;
        /** Remove what is stored of a request */
        delete: operations["StoredRequestsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/{id}/otlp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as OTLP in JSON, which Jaeger and collectors load */
        get: operations["TracesController_otlp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run what a request sent on other models, and compare; noted in the audit trail
         * @description Each model is asked over `/v1/embeddings` of the inference API, with the caller's own token (of the console: that of the playground), so its limits hold and its usage counts. A program needs the scope `encode` beside `admin:*`.
         */
        post: operations["StoredRequestsController_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which requests failed, by error, token and model */
        get: operations["TraceCountsController_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many requests there are of each model, token, outcome and so on, and when they began */
        get: operations["TraceCountsController_facets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests and items by token, model and hour or day; members see their own tokens */
        get: operations["UsageController_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as a table for spreadsheets */
        get: operations["UsageController_csv"];
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
        /** Whether the process answers */
        get: operations["HealthController_live"];
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
        AboutView: {
            /** @description Where callers reach the inference API; null where nobody has said it (CAS_PUBLIC_URL) */
            inferenceUrl: string | null;
            /** @description null where this process cannot know it */
            tokensRequired: boolean | null;
            version: string;
        };
        AcceptLinkBody: {
            /** Format: password */
            password: string;
            /** @description From the link of an invitation or a reset */
            secret: string;
        };
        AccountList: {
            accounts: components["schemas"]["AccountRowView"][];
            /** @description Leads to the next page; null at the end */
            cursor: string | null;
            /** @description How many there are on all pages */
            total: number;
        };
        AccountRowView: {
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            /** Format: email */
            email: string;
            hasPassword: boolean;
            hasSingleSignOn: boolean;
            /** Format: uuid */
            id: string;
            /** @description Milliseconds since 1970 */
            lastLoginAtMs: number | null;
            /** @description Milliseconds since 1970; null = never logged in */
            lastSeenAtMs: number | null;
            /** @description An invitation or reset that waits */
            link: components["schemas"]["PendingLinkView"] | null;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
            /** @description Browsers that are logged in */
            sessions: number;
            /** @enum {string} */
            status: "active" | "invited" | "disabled";
            /** @description Tokens that work */
            tokens: number;
        };
        AccountView: {
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            /** Format: email */
            email: string;
            hasPassword: boolean;
            hasSingleSignOn: boolean;
            /** Format: uuid */
            id: string;
            /** @description Milliseconds since 1970 */
            lastLoginAtMs: number | null;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
            /** @enum {string} */
            status: "active" | "invited" | "disabled";
        };
        ActualView: {
            models: components["schemas"]["ServedModelView"][];
            /** @description Why it failed */
            reason: string | null;
            /** @enum {string} */
            state: "applied" | "applying" | "failed" | "unknown here";
            /** @description The step that is under way, or that failed; null when the version itself cannot be served */
            step: string | null;
            /** @description The version that it follows */
            version: number | null;
        };
        AskedPodsAnswer: {
            pods: components["schemas"]["AskedPodView"][];
        };
        AskedPodView: {
            /** @description Whether the pod does what was asked */
            ok: boolean;
            pod: string;
            /** @description Why not */
            reason: string | null;
        };
        AuditActorView: {
            /** @description The address it came from */
            from: string | null;
            id: string;
            /** @enum {string} */
            kind: "account" | "token" | "system" | "host";
            name: string;
        };
        AuditEventView: {
            action: string;
            actor: components["schemas"]["AuditActorView"];
            after: Record<string, never> | null;
            /** @description Milliseconds since 1970 */
            atMs: number;
            before: Record<string, never> | null;
            /** @description SHA-256 of the event and of the hash before it */
            hash: string;
            seq: number;
            target: components["schemas"]["AuditTargetView"];
        };
        AuditHeadView: {
            hash: string;
            seq: number;
        };
        AuditPageView: {
            /** @description For the next page; null = this was the last. A page of few events, or none, may have one, too */
            cursor: number | null;
            events: components["schemas"]["AuditEventView"][];
        };
        AuditStepView: {
            /** @description Checked in this step; likewise */
            events?: number;
            /** @description The first event of this step; likewise */
            firstSeq?: number;
            /** @description Where the next step begins; where ok is false it is left out */
            head?: components["schemas"]["AuditHeadView"];
            /** @description Whether this was the last step; likewise */
            isEnd?: boolean;
            /** @description Whether the chain holds as far as it was checked */
            ok: boolean;
            /** @description What is wrong with it; likewise */
            reason?: string;
            /** @description The first event that is wrong; where ok is true it is left out */
            seq?: number;
            /** @description The number of the last event there is; likewise */
            total?: number;
        };
        AuditTargetView: {
            id: string;
            kind: string;
            name: string;
        };
        BatchAnswer: {
            batch: components["schemas"]["BatchView"];
            /** @description Where was looked, and what could not be asked */
            sources: components["schemas"]["TraceSourceView"][];
        };
        BatchView: {
            /** @description 1, and one more after each replica that died with it */
            attempt: number;
            /** @description Its trace id */
            batchId: string;
            /** @description Of its texts or pictures */
            bytes: number;
            device: string;
            /** @description Until its answer */
            durationMs: number;
            error: string | null;
            items: number;
            /** @description The most that it could have had; null = unknown */
            itemsMax: number | null;
            model: string;
            /** @description All others in it */
            others: components["schemas"]["OtherRidersView"];
            /** @description The process that sent it to its replica */
            pod: string;
            /**
             * @description Why it was sent when it was
             * @enum {string}
             */
            reason: "full" | "idle_replica" | "waited" | "retry" | "costly";
            replica: string;
            /** @description The requests in it that the caller may see */
            riders: components["schemas"]["RiderView"][];
            /** @description The batch's own span first */
            spans: components["schemas"]["SpanView"][];
            /** @description When it left the queue; milliseconds since 1970 */
            startedAtMs: number;
            /** @description Of its longest text; null for pictures */
            tokensMax: number | null;
            /** @enum {string} */
            tower: "visual" | "textual";
        };
        CardView: {
            /** @description CUDA compute capability, such as 8.9 */
            computeCapability: string | null;
            /** @description cuda:N; tensorrt:N is the same card. Null where CUDA_VISIBLE_DEVICES hides it */
            device: string | null;
            driverVersion: string | null;
            /** @description At this moment */
            memoryFreeBytes: number | null;
            memoryTotalBytes: number | null;
            name: string | null;
            uuid: string | null;
        };
        CatalogueAnswer: {
            /** @description Those of the catalogue, then others that pods have */
            models: components["schemas"]["CatalogueModelView"][];
            /** @description The pods that were asked */
            pods: components["schemas"]["ServingPodView"][];
        };
        CatalogueModelView: {
            /** @description Its other names */
            aliases: string[];
            /** @description Size of its files, about that of the download where they are on no pod */
            bytes: number | null;
            /** @description Most tokens of a text */
            contextLength: number | null;
            /** @description Length of its vectors */
            dimension: number | null;
            /** @description Side of the square that pictures are brought to, in pixels */
            imageSize: number | null;
            /** @description Asked for by the version in force */
            isDesired: boolean;
            /** @description Whether bytes is an estimate of the catalogue */
            isEstimate: boolean;
            /** @description Of the weights; null = see the model's page */
            licence: string | null;
            name: string;
            note: string | null;
            /** @description The address of the model's page */
            page: string | null;
            /** @description Pods that have to do with it */
            pods: components["schemas"]["ModelOnPodView"][];
            /** @description On the hub; null = it cannot be downloaded */
            repository: string | null;
            /**
             * @description own: not in the catalogue, found on a pod
             * @enum {string}
             */
            source: "catalogue" | "own";
            speed: components["schemas"]["SpeedView"];
            /** @description What cuts texts into tokens */
            tokenizer: string | null;
            /** @description Published variants, as in name@variant */
            variants: string[];
        };
        ChangeAccountBody: {
            /** @description true ends sessions and revokes tokens */
            disabled?: boolean;
            name?: string;
            /**
             * @description A lower role ends sessions and revokes tokens, owner ends sessions; each ends links
             * @enum {string}
             */
            role?: "owner" | "admin" | "member" | "viewer";
        };
        ChangeAnswer: {
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            createdBy: components["schemas"]["CreatorView"];
            models: components["schemas"]["DesiredModelBody"][];
            note: string;
            /** @description When a server first served all of it; null = not yet */
            servedAtMs: number | null;
            /**
             * @description What was set here wins over the settings
             * @enum {string}
             */
            source: "settings" | "admin";
            /** @description What it ends, in sentences */
            stops: string[];
            /** @description The version that was in force before: rolling back to it undoes this. Null for the first */
            undoVersion: number | null;
            version: number;
        };
        ChangePasswordBody: {
            /** Format: password */
            new: string;
            /** Format: password */
            old: string;
        };
        ChangeTokenBody: {
            /** @description Days from now until it expires; null = never */
            expiresInDays?: number | null;
            limits?: components["schemas"]["LimitsBody"];
            /** @description Names of models; null = every model */
            models?: string[] | null;
            name?: string;
            /** @description A new token has encode, rank, index, search, models:read without it */
            scopes?: ("encode" | "rank" | "index" | "search" | "models:read" | "admin:*")[];
            /** @description Whether texts and images that are sent with it may be stored for a while, to be run on other models */
            storesInputs?: boolean;
        };
        ChangeView: {
            action: string;
            actor: string;
            /** @description Milliseconds since 1970 */
            atMs: number;
            seq: number;
            target: string;
        };
        ComparisonAnswer: {
            /** @description None when both ask for the same */
            differences: components["schemas"]["DifferenceView"][];
            from: components["schemas"]["VersionView"];
            to: components["schemas"]["VersionView"];
        };
        CpuView: {
            /** @description Cores that the process may use */
            cores: number;
            memoryFreeBytes: number;
            /** @description Of the machine, or the limit of the container where that is less */
            memoryTotalBytes: number;
        };
        CreateTokenBody: {
            /** @description null = never */
            expiresInDays: number | null;
            limits?: components["schemas"]["LimitsBody"];
            /** @description Names of models; null = every model */
            models?: string[] | null;
            name: string;
            /** @description A new token has encode, rank, index, search, models:read without it */
            scopes?: ("encode" | "rank" | "index" | "search" | "models:read" | "admin:*")[];
            /** @description Whether texts and images that are sent with it may be stored for a while, to be run on other models */
            storesInputs?: boolean;
        };
        CreatorView: {
            id: string;
            name: string;
        };
        DesiredBody: {
            /** @description Refuse with 409 unless this version is in force; left out, whatever is in force is replaced */
            basedOn?: number;
            models: components["schemas"]["DesiredModelBody"][];
            /** @description Why, for people */
            note?: string;
        };
        DesiredModelBody: {
            /** @description Most items of one run; CAS_BATCH_ITEMS_MAX when left out */
            batchItemsMax?: number;
            /** @description cpu, cuda:<n> or tensorrt:<n>; replicas go round them */
            devices: string[];
            /** @description Serves requests that name no model; exactly one does */
            isDefault: boolean;
            name: string;
            replicas: number;
            /** @description A replica that holds more bytes is replaced; CAS_REPLICA_RSS_BYTES_MAX when left out */
            rssBytesMax?: number;
        };
        DevicesAnswer: {
            /** @description Those that models may name first, by their numbers */
            cards: components["schemas"]["CardView"][];
            /** @description Null where this process serves no models */
            cpu: components["schemas"]["CpuView"] | null;
            /** @description Whether the files of the GPU providers are installed; null where this process serves no models */
            libraries: components["schemas"]["LibrariesView"] | null;
            /** @description Why cards cannot be used, or not as one may expect */
            note: string | null;
        };
        DifferenceView: {
            /**
             * @description vectors: what requests that name no model get can no longer be compared with what they got
             * @enum {string}
             */
            kind: "added" | "removed" | "replicas" | "limits" | "default" | "vectors";
            model: string;
            /** @description The difference in a sentence */
            text: string;
        };
        ErrorFiguresView: {
            /** @description `item_failed` or an error code */
            code: string;
            requests: number;
        };
        FacetValueView: {
            /** @description Requests that have it */
            count: number;
            /** @description What it is called, where it is the id of a token */
            name: string | null;
            /** @description null = none, such as the model of a request without one */
            value: string | null;
        };
        FacetView: {
            /** @enum {string} */
            key: "model" | "operation" | "protocol" | "outcome" | "token" | "pod";
            /** @description How many values more there are */
            more: number;
            /** @description The most frequent first, 50 at most */
            values: components["schemas"]["FacetValueView"][];
        };
        Failure: {
            error: {
                /** @enum {string} */
                code: "invalid_argument" | "malformed_request" | "unauthenticated" | "permission_denied" | "not_found" | "conflict" | "method_not_allowed" | "unsupported_media_type" | "model_unknown" | "request_too_large" | "item_empty" | "image_unreadable" | "image_too_large" | "image_format_refused" | "tensor_invalid" | "fetch_refused" | "fetch_failed" | "rank_without_matches" | "queue_full" | "rate_limited" | "replica_lost" | "item_poisonous" | "deadline_exceeded" | "cancelled" | "shutting_down" | "unavailable" | "unimplemented" | "internal";
                /** @description What is wrong and what to do */
                message: string;
            };
        };
        FiguresView: {
            batches: number;
            /** @description Items of batches over the most that they could have had, 0 to 1 */
            batchFill: number | null;
            /** @description Requests that failed; those that a limit turned away where `scope` is own */
            errors: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Milliseconds from arrival to answer, exact to about 10 % */
            p50Ms: number | null;
            p95Ms: number | null;
            p99Ms: number | null;
            /** @description The longest that an item had waited, in milliseconds */
            queueAgeMsMax: number;
            /** @description The most that waited in one model's queue of one process */
            queueItemsMax: number;
            /** @description Requests that have ended; those that were let in where `scope` is own */
            requests: number;
        };
        FileProblemView: {
            path: string;
            /** @enum {string} */
            problem: "missing" | "size" | "content";
        };
        HeldBatchView: {
            /** @description How long the replica had it when the pod reported, in milliseconds */
            ageMs: number;
            /** @description 1, and one more after each replica that died with it */
            attempt: number;
            items: number;
            /** @description The most items that it could have had when it left the queue */
            itemsMax: number;
            /** @description Why it left the queue: full, idle_replica, waited, retry, costly */
            reason: string;
            /** @description `visual` or `textual` */
            tower: string;
        };
        Invitation: {
            account: components["schemas"]["AccountView"];
            link: components["schemas"]["LinkView"];
        };
        InviteBody: {
            /** Format: email */
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
        };
        IssuedTokenView: {
            record: components["schemas"]["TokenView"];
            /** @description The token itself, shown this once */
            token: string;
        };
        LastUseView: {
            /** @description Milliseconds since 1970 */
            atMs: number;
            from: string | null;
            model: string | null;
            protocol: string | null;
        };
        LibrariesView: {
            cuda: boolean;
            tensorrt: boolean;
        };
        Life: {
            /** @enum {string} */
            status: "ok";
        };
        LimitsAnswer: {
            /** @description Milliseconds since 1970 */
            atMs: number;
            /** @description How many more there are */
            more: number;
            /** @description Of all tokens together */
            service: components["schemas"]["ServiceLimitView"][];
            /** @description Tokens with limits, and those that were refused in the last 24 hours; the tightest first, at most 500 */
            tokens: components["schemas"]["TokenLimitsView"][];
            /** @description Living tokens without any limit of their own */
            unlimited: number;
            /** @description How long requests waited in the queues; pods look every two seconds, so shorter waits may be missed */
            waits: components["schemas"]["WaitsView"];
        };
        LimitsBody: {
            /** @description Texts and images at a time */
            itemsInFlight?: number;
            /** @description Texts and images in a day (UTC) */
            itemsPerDay?: number;
            requestsPerMinute?: number;
        };
        LimitStandingView: {
            limit: number;
            /** @enum {string} */
            name: "requestsPerMinute" | "itemsPerDay" | "itemsInFlight";
            remaining: number;
            /** @description When the whole limit is there again, in milliseconds since 1970; null for items in flight */
            resetsAtMs: number | null;
            /** @description What processes have taken of it, in parts: use is never more, and may be a little less */
            taken: number;
        };
        LinkView: {
            /** @description Milliseconds since 1970 */
            expiresAtMs: number;
            /** @enum {string} */
            purpose: "invite" | "reset";
            /** @description The page to send to the person, secret included */
            url: string;
        };
        LoggedIn: {
            account: components["schemas"]["AccountView"];
            /** @description To be sent as x-csrf-token with every change */
            csrfToken: string;
        };
        LogInBody: {
            /** Format: email */
            email: string;
            /** Format: password */
            password: string;
        };
        LogLevelBody: {
            /**
             * @description How long; then every process logs as its settings say again
             * @default 900
             */
            forSeconds: number;
            /**
             * @description The least severe line that is logged
             * @enum {string}
             */
            level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
        };
        LogLevelView: {
            /**
             * @description What the process that answers logs now
             * @enum {string}
             */
            level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
            /**
             * @description What its settings say, and what it goes back to
             * @enum {string}
             */
            settings: "trace" | "debug" | "info" | "warn" | "error" | "silent";
            /** @description When it goes back, in milliseconds since 1970; null while it logs as its settings say */
            untilMs: number | null;
        };
        LogLineView: {
            /** @description Milliseconds since 1970 */
            atMs: number;
            /** @enum {string} */
            level: "info" | "warn" | "error";
            text: string;
        };
        ModelFiguresView: {
            batches: number;
            /** @description Items of batches over the most that they could have had, 0 to 1 */
            batchFill: number | null;
            /** @description Requests that failed; those that a limit turned away where `scope` is own */
            errors: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Empty for requests that got no model */
            model: string;
            /** @description Milliseconds from arrival to answer, exact to about 10 % */
            p50Ms: number | null;
            p95Ms: number | null;
            p99Ms: number | null;
            /** @description The longest that an item had waited, in milliseconds */
            queueAgeMsMax: number;
            /** @description The most that waited in one model's queue of one process */
            queueItemsMax: number;
            /** @description Requests that have ended; those that were let in where `scope` is own */
            requests: number;
        };
        ModelLogLineView: {
            /** @description Milliseconds since 1970 */
            atMs: number;
            /** @enum {string} */
            level: "info" | "warn" | "error";
            replica: string | null;
            text: string;
        };
        ModelOnPodView: {
            /** @description Size of its files there */
            bytes: number | null;
            imagesPerSecond: number | null;
            /**
             * @description Where its files are: in CAS_MODEL_DIR, or downloaded; null = not there
             * @enum {string|null}
             */
            place: "folder" | "cache" | null;
            pod: string;
            /** @description The last download there */
            pull: components["schemas"]["PullView"] | null;
            /**
             * @description How it is served there; null = it is not
             * @enum {string|null}
             */
            served: "ready" | "degraded" | "down" | "leaving" | null;
            /** @description What its replicas there work off when they are busy */
            textsPerSecond: number | null;
            /** @description The last time that its files were read anew */
            verification: components["schemas"]["VerificationView"] | null;
        };
        ModelsAnswer: {
            /** @description What the process that answers serves; pods has it of every server */
            actual: components["schemas"]["ActualView"];
            /** @description The version in force; null before the first start */
            desired: components["schemas"]["VersionView"] | null;
            /** @description Pods that answer and do not serve just what the version in force asks for; none = saved and live are the same */
            differs: string[];
            /** @description Names of the models in force */
            models: string[];
            /** @description What each pod that serves models has made of it */
            pods: components["schemas"]["PodModelsView"][];
            /** @description The newest 50, the newest first */
            versions: components["schemas"]["VersionView"][];
        };
        ModelServedView: {
            /** @description One a replica */
            devices: string[];
            imagesPerSecond: number | null;
            isDefault: boolean;
            name: string;
            replicas: number;
            replicasReady: number;
            /**
             * @description degraded = not all replicas serve
             * @enum {string}
             */
            state: "ready" | "degraded" | "down" | "leaving";
            /** @description What its replicas work off when they are busy */
            textsPerSecond: number | null;
        };
        ModelUseView: {
            model: string;
            requests: number;
        };
        OtherRidersView: {
            items: number;
            requests: number;
        };
        OverviewAnswer: {
            /** @description At most 20, the most frequent first */
            byError: components["schemas"]["ErrorFiguresView"][];
            /** @description At most 50, the busiest first */
            byModel: components["schemas"]["ModelFiguresView"][];
            byProtocol: components["schemas"]["ProtocolFiguresView"][];
            /** @description The last changes; null without audit:read */
            changes: components["schemas"]["ChangeView"][] | null;
            /** @description Milliseconds since 1970 */
            fromMs: number;
            /** @description Whether there was more than could be read; ask for less time */
            isPartial: boolean;
            /** @description The oldest first; steps in which nothing was written are left out */
            points: components["schemas"]["PointView"][];
            /**
             * @description service = all processes together; own = the tokens of the caller, by the hour and without durations
             * @enum {string}
             */
            scope: "service" | "own";
            /** @description Pods that do not answer: what they do is missing since then */
            silentPods: string[];
            stepMs: number;
            /** @description Milliseconds since 1970, not included */
            toMs: number;
            total: components["schemas"]["FiguresView"];
        };
        PastRunView: {
            /** @description When it ended; milliseconds since 1970 */
            atMs: number;
            /** @description For GET /api/batches/{id}; null where its trace is not kept */
            batchId: string | null;
            /** @description Items that failed by themselves */
            failed: number;
            /** @description Whether the replica died with it */
            isLost: boolean;
            items: number;
            /** @description The most items that it could have had */
            itemsMax: number | null;
            /** @description Decoding, or tokenizing */
            prepareMs: number | null;
            /** @description The longest wait of its items */
            queueMs: number | null;
            /** @description Why it left the queue: full, idle_replica, waited, retry, costly */
            reason: string | null;
            /** @description The run of the model */
            runMs: number | null;
            /** @description `visual` or `textual` */
            tower: string;
        };
        PendingLinkView: {
            /** @description Milliseconds since 1970 */
            expiresAtMs: number;
            /** @description Whether a new one has to be made */
            isExpired: boolean;
            /** @enum {string} */
            purpose: "invite" | "reset";
        };
        PermissionView: {
            /** @enum {string} */
            permission: "tokens:read-own" | "tokens:write-own" | "tokens:read" | "tokens:write" | "accounts:read" | "accounts:write" | "owners:write" | "audit:read" | "usage:read-own" | "usage:read" | "traces:read-own" | "traces:read" | "models:read" | "models:write" | "playground:use" | "settings:read" | "settings:write";
            /** @description What it allows, in words */
            words: string;
        };
        PlanAnswer: {
            /** @description In their order; none when all is as asked for */
            steps: components["schemas"]["StepView"][];
            /** @description What to know before it is applied, such as that stored vectors stop matching */
            warnings: string[];
        };
        PlaygroundView: {
            /** @description Most bytes of the body of one call */
            bodyBytesMax: number;
            /** @description Where the admin API reaches the inference API; null where it does not */
            inferenceUrl: string | null;
            /** @description Why nothing can be called, and what to set; null where it can */
            problem: string | null;
        };
        PodCardView: {
            /** @description cuda:N; null where it is kept from the process */
            device: string | null;
            memoryFreeBytes: number | null;
            memoryTotalBytes: number | null;
            name: string | null;
        };
        PodCommandAnswer: {
            /**
             * @description running = the pod has begun, and is not done after 5 s; its report tells how it goes on
             * @enum {string}
             */
            state: "done" | "running";
        };
        PodCpuView: {
            cores: number;
            memoryFreeBytes: number;
            memoryTotalBytes: number;
        };
        PodDevicesView: {
            cards: components["schemas"]["PodCardView"][];
            cpu: components["schemas"]["PodCpuView"];
            /** @description Why cards cannot be used, or not as one may expect */
            note: string | null;
        };
        PodModelsView: {
            /** @description Whether its last report is at most ten seconds old; the rest is as of then */
            answers: boolean;
            /** @description In what it differs from the version in force, in words; null when it serves just that, or is silent */
            difference: string | null;
            /** @description The last lines about the model whose step failed; null for those who may not change models */
            lines: components["schemas"]["ModelLogLineView"][] | null;
            /** @description The model that the step is about */
            model: string | null;
            pod: string;
            /** @description Why the step, or its last try, failed */
            reason: string | null;
            /** @description When it last reported, in milliseconds since 1970 */
            reportedAtMs: number;
            served: components["schemas"]["ModelServedView"][];
            /** @description Why it does not answer */
            silence: string | null;
            /** @description Since when it is in this state; milliseconds since 1970 */
            sinceMs: number | null;
            /**
             * @description Null while it starts and has not told
             * @enum {string|null}
             */
            state: "applied" | "applying" | "failed" | null;
            /** @description The step that is under way, or that failed */
            step: string | null;
            /** @description The version that it follows */
            version: number | null;
        };
        PodPoolView: {
            batchItemsMax: number | null;
            isDefault: boolean;
            /** @description Out of service; it finishes what it has */
            isLeaving: boolean;
            model: string;
            queue: components["schemas"]["PodQueueView"];
            replicas: components["schemas"]["PodReplicaView"][];
            /** @description Memory at which a replica is replaced; null = none */
            rssBytesMax: number | null;
        };
        PodQueueView: {
            /** @description Items younger than 10 ms, 100 ms, 1 s, 10 s, and older ones */
            ages: number[];
            /** @description Items of bulk work */
            bulk: number;
            bytes: number;
            /** @description By token, those with the most items first; members see their own */
            byToken: components["schemas"]["WaitingView"][];
            /** @description Items of interactive calls */
            interactive: number;
            /** @description Whether more waits than was counted by token and age */
            isPartial: boolean;
            /** @description Texts and images that wait */
            items: number;
            /** @description How long the oldest has waited */
            oldestAgeMs: number;
            /** @description Calls that those belong to */
            requests: number;
        };
        PodReplicaView: {
            /** @description `cpu`, `cuda:N`, `tensorrt:N` */
            device: string;
            /** @description The batches in hand, the oldest first */
            held: components["schemas"]["HeldBatchView"][];
            itemsInFlight: number;
            /** @description The last 30, the newest first; only for those who may change models */
            lines: components["schemas"]["LogLineView"][];
            name: string;
            /** @description Why it is in this state; only for those who may change models */
            reason: string | null;
            /** @description Starts after the first */
            restarts: number;
            /** @description Memory of its process; null where it cannot be read */
            rssBytes: number | null;
            /** @description The last 20 batches, the newest first */
            runs: components["schemas"]["PastRunView"][];
            /** @description Since when it is in this state; milliseconds since 1970 */
            sinceMs: number;
            /** @enum {string} */
            state: "starting" | "ready" | "restarting" | "failed" | "stopping" | "stopped";
        };
        PodsAnswer: {
            /** @description By their names; at most 200, those that have started last */
            pods: components["schemas"]["PodView"][];
        };
        PodsBody: {
            /** @description Every pod that serves models when left out */
            pods?: string[];
        };
        PodSettingsView: {
            /** @description Whether its last report is at most ten seconds old */
            answers: boolean;
            /** @description At most 50; ports and folders may well differ */
            differences: components["schemas"]["SettingDifferenceView"][];
            /** @description null where it does not tell */
            fingerprint: string | null;
            /** @description Of the process; the one that answers is among them */
            name: string;
            /** @description Why it does not answer; null while it does */
            reason: string | null;
        };
        PodView: {
            /** @description Whether its last report is at most ten seconds old */
            answers: boolean;
            /** @description Null where it serves no models, or has not told */
            devices: components["schemas"]["PodDevicesView"] | null;
            /** @description What traces call their pod */
            host: string;
            /** @description Parts that were too large for its report */
            leftOut: string[];
            /** @description Its host's name, with a number where several processes share a host */
            name: string;
            /** @description The models that it serves, the default one first; null where it serves none, or has not told */
            pools: components["schemas"]["PodPoolView"][] | null;
            /** @description As last reported; null where it has not told */
            process: components["schemas"]["ProcessView"] | null;
            /** @description Why it does not answer; null while it does */
            reason: string | null;
            /** @description When it last reported, in milliseconds since 1970 */
            reportedAtMs: number;
            /** @description Serves models, or this API */
            roles: ("inference" | "admin")[];
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            version: string;
        };
        PointView: {
            /** @description Begin; milliseconds since 1970 */
            atMs: number;
            batches: number;
            /** @description Items of batches over the most that they could have had, 0 to 1 */
            batchFill: number | null;
            /** @description Requests that failed; those that a limit turned away where `scope` is own */
            errors: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Milliseconds from arrival to answer, exact to about 10 % */
            p50Ms: number | null;
            p95Ms: number | null;
            p99Ms: number | null;
            /** @description The longest that an item had waited, in milliseconds */
            queueAgeMsMax: number;
            /** @description The most that waited in one model's queue of one process */
            queueItemsMax: number;
            /** @description Requests that have ended; those that were let in where `scope` is own */
            requests: number;
        };
        PreviousSecretView: {
            /** @description Milliseconds since 1970 */
            lastUsedAtMs: number | null;
            lastUsedFrom: string | null;
            /** @description Since the rotation */
            requests: number;
        };
        ProcessView: {
            /** @description How late its event loop was at worst in the last 30 s, in milliseconds */
            eventLoopDelayMsMax: number | null;
            /** @description What it does while it starts, or why it is not ready */
            reason: string | null;
            rssBytes: number;
            /** @enum {string} */
            state: "starting" | "ready" | "not_ready" | "stopping";
        };
        ProtocolFiguresView: {
            batches: number;
            /** @description Items of batches over the most that they could have had, 0 to 1 */
            batchFill: number | null;
            /** @description Requests that failed; those that a limit turned away where `scope` is own */
            errors: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Milliseconds from arrival to answer, exact to about 10 % */
            p50Ms: number | null;
            p95Ms: number | null;
            p99Ms: number | null;
            protocol: string;
            /** @description The longest that an item had waited, in milliseconds */
            queueAgeMsMax: number;
            /** @description The most that waited in one model's queue of one process */
            queueItemsMax: number;
            /** @description Requests that have ended; those that were let in where `scope` is own */
            requests: number;
        };
        PullsAnswer: {
            /** @description Under way and lately ended, of all pods */
            pulls: components["schemas"]["PullView"][];
        };
        PullView: {
            /** @description Null before the hub has told */
            bytes: number | null;
            bytesDone: number;
            /** @description Over the last five seconds; null unless bytes arrive */
            bytesPerSecond: number | null;
            /** @description Null while it is under way */
            endedAtMs: number | null;
            /** @description Somebody asked for it, and can cancel it; else the model is being loaded */
            isAsked: boolean;
            model: string;
            pod: string;
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            /**
             * @description Nothing follows ready, failed and cancelled
             * @enum {string}
             */
            state: "waiting" | "downloading" | "checking" | "ready" | "failed" | "cancelled";
            /** @description What it does, or why it failed and what to do */
            text: string;
        };
        QueueView: {
            bytes: number;
            /** @description Texts and images that wait */
            items: number;
            /** @description How long the oldest has waited */
            oldestAgeMs: number;
            /** @description Calls that those belong to */
            requests: number;
        };
        RemovedView: {
            /** @description How many requests */
            removed: number;
        };
        RenameBody: {
            name: string;
        };
        ReplayBody: {
            /** @description Names of served models; at most 64 items are run */
            models: string[];
        };
        ReplayedModelView: {
            /** @description Cosines of `rows` with `columns`; null where there is no angle */
            cosines: (number | null)[][];
            dimension: number | null;
            /** @description How long it took, the way to the model included; null = it failed */
            durationMs: number | null;
            /** @description Why nothing came of it */
            error: string | null;
            /** @description As it was asked for */
            model: string;
            /** @description Its request, whose trace says more; null = it got no answer */
            requestId: string | null;
        };
        ReplayView: {
            /** @description Items by their place: the texts, or all items of one kind */
            columns: number[];
            models: components["schemas"]["ReplayedModelView"][];
            /** @description Items by their place: the images, or all items of one kind */
            rows: number[];
        };
        ReplicaView: {
            device: string;
            itemsInFlight: number;
            name: string;
            /** @description Why; only for those who may change models */
            reason: string | null;
            /** @description Starts after the first */
            restarts: number;
            /** @description Memory of its process; null where it cannot be read */
            rssBytes: number | null;
            /** @description Since when it is in this state; milliseconds since 1970 */
            sinceMs: number;
            /** @enum {string} */
            state: "starting" | "ready" | "restarting" | "failed" | "stopping" | "stopped";
        };
        RiderView: {
            items: number;
            requestId: string;
            traceId: string;
        };
        RoleList: {
            /** @description From the one that may do most to the one that may do least */
            roles: components["schemas"]["RoleView"][];
        };
        RoleView: {
            permissions: components["schemas"]["PermissionView"][];
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
        };
        RollbackBody: {
            /** @description Refuse with 409 unless this version is in force; left out, whatever is in force is replaced */
            basedOn?: number;
            /** @description Its models are asked for again, as a new version */
            version: number;
        };
        RotateTokenBody: {
            /** @description How long the old secret still works, in milliseconds */
            graceMs: number;
        };
        RotationView: {
            /** @description Milliseconds since 1970 */
            atMs: number;
            present: components["schemas"]["SecretUseView"];
            /** @description The secret before it */
            previous: components["schemas"]["PreviousSecretView"];
        };
        SecretUseView: {
            /** @description Milliseconds since 1970 */
            lastUsedAtMs: number | null;
            /** @description Since the rotation */
            requests: number;
        };
        ServedModelView: {
            isDefault: boolean;
            name: string;
            queue: components["schemas"]["QueueView"];
            replicas: components["schemas"]["ReplicaView"][];
            /**
             * @description degraded = not all replicas serve
             * @enum {string}
             */
            state: "ready" | "degraded" | "down" | "leaving";
        };
        ServiceLimitView: {
            /** @enum {string} */
            name: "requestsPerMinute" | "itemsPerDay" | "itemsInFlight";
            /** @description The setting that gives it, read at the start of a process */
            setting: string;
            /** @description null = no such limit */
            standing: components["schemas"]["LimitStandingView"] | null;
        };
        ServingPodView: {
            /** @description Whether its last report is at most ten seconds old; what it told is as of then */
            answers: boolean;
            name: string;
            /** @description Why it does not answer */
            reason: string | null;
            /** @description When it last reported, in milliseconds since 1970 */
            reportedAtMs: number;
        };
        SessionList: {
            sessions: components["schemas"]["SessionView"][];
        };
        SessionView: {
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            /** @description Whether it is the one that asks */
            current: boolean;
            /** @description Milliseconds since 1970 */
            expiresAtMs: number;
            /** @description Address it was made from */
            from: string;
            /** Format: uuid */
            id: string;
            /** @description Milliseconds since 1970, exact to a minute */
            lastSeenAtMs: number;
            userAgent: string;
        };
        SettingDifferenceView: {
            /** @description In the process that answers; null = its default */
            here: string | null;
            /** @example CAS_REPLICAS */
            name: string;
            /** @description In the other one; null = its default */
            there: string | null;
        };
        SettingsView: {
            /**
             * @description Equal where all settings of two processes are equal, secrets aside
             * @example 9f86d081884c7d65
             */
            fingerprint: string;
            /** @description Every process of the service, as it last reported */
            pods: components["schemas"]["PodSettingsView"][];
            /** @description In the order of the manual */
            settings: components["schemas"]["SettingView"][];
        };
        SettingView: {
            /** @description The end of the sentence "it must be …" */
            allowed: string;
            /**
             * @description How it is changed: by a restart, by new files under the same path, or while it runs by PUT /api/log-level or PUT /api/models
             * @enum {string}
             */
            change: "restart" | "file" | "log-level" | "models";
            /** @description null = unset */
            default: string | null;
            /** @description What it is for */
            doc: string;
            /** @description The argument of the command line; null where it has none */
            flag: string | null;
            /**
             * @description Where exactly; null for a default
             * @example port in cas.yml, line 3
             */
            from: string | null;
            /**
             * @description The heading that it has in the manual
             * @example Network
             */
            group: string;
            /** @description Its value is never shown whole */
            isSecret: boolean;
            /** @description Of a secret this is all that is told */
            isSet: boolean;
            /**
             * @description The environment variable
             * @example CAS_PORT
             */
            name: string;
            /** @description Where it is given too, without effect: a stronger source has it */
            overridden: string[];
            /**
             * @description What gave the value; database = somebody set it while the service runs
             * @enum {string}
             */
            source: "default" | "file" | "environment" | "argument" | "database";
            /** @description null where it is unset, or a secret */
            value: string | null;
            /** @description The key in a YAML file; null where it has none */
            yaml: string | null;
        };
        SetUpBody: {
            /** Format: email */
            email: string;
            name: string;
            /** Format: password */
            password: string;
            /** @description From the set-up link */
            secret: string;
        };
        SetUpState: {
            /** @description Whether there is no account yet: the log has the set-up link */
            needed: boolean;
        };
        SignOnState: {
            enabled: boolean;
            /** @description What to call the provider */
            name: string | null;
        };
        SinceView: {
            items: number;
            requests: number;
            /** @description Milliseconds since 1970; the begin of an hour */
            sinceMs: number;
        };
        SpanLinkView: {
            spanId: string;
            traceId: string;
        };
        SpanView: {
            /** @description By the names of OpenTelemetry, and clip.* for our own */
            attributes: {
                [key: string]: string | number | boolean;
            };
            endMs: number;
            /** @description The code of the error that it ended with */
            error: string | null;
            /** @enum {string} */
            kind: "server" | "client" | "internal";
            /** @description A run links its batch, a batch those who rode in it */
            links: components["schemas"]["SpanLinkView"][];
            name: string;
            /** @description The span that it is a part of */
            parentSpanId: string | null;
            spanId: string;
            /** @description Milliseconds since 1970, with fractions */
            startMs: number;
        };
        SpeedView: {
            imagesPerSecond: number | null;
            /** @description Why nothing was measured; null where it was */
            reason: string | null;
            /** @description The replicas that were measured together */
            replicas: number;
            textsPerSecond: number | null;
        };
        StepView: {
            /** @enum {string} */
            kind: "start_pool" | "add_replica" | "set_limits" | "make_default" | "drain_replica" | "stop_pool";
            model: string;
            /** @description The step in a sentence */
            text: string;
        };
        StoredCountsView: {
            bytes: number;
            /** @description Beyond so many bytes of all tokens together the oldest go */
            bytesMax: number;
            /** @description How long what is stored is kept */
            hours: number;
            /** @description Whether the service stores anything at all: CAS_STORED_INPUT_HOURS is more than 0 */
            isOn: boolean;
            requests: number;
            /** @description When the oldest began; null = there are none */
            sinceMs: number | null;
        };
        StoredItemView: {
            /**
             * @description uri: an image by its address
             * @enum {string}
             */
            kind: "text" | "image" | "uri";
            /** @description The text, the image in base64, or the address */
            value: string;
        };
        StoredRequestView: {
            items: components["schemas"]["StoredItemView"][];
            /** @description Empty where none served */
            model: string;
            operation: string;
            requestId: string;
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            /** @description Id of the token */
            tokenId: string;
            traceId: string;
        };
        TokenConditionView: {
            /** @enum {string} */
            condition: "revoked" | "expired" | "playground" | "refused_often" | "limited_often" | "expires_soon" | "rotating" | "unused" | "active";
            /** @description What to do about it */
            todo: string | null;
            why: string;
        };
        TokenDayView: {
            /** @description Requests that its scopes or models did not allow */
            denied: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Requests that a limit turned away */
            refused: number;
            /** @description Requests that were let in */
            requests: number;
            /** @description Milliseconds since 1970 */
            startMs: number;
        };
        TokenImpact: {
            last7Days: components["schemas"]["SinceView"];
            lastDay: components["schemas"]["SinceView"];
            /** @description Since the begin of the hour before */
            lastHour: components["schemas"]["SinceView"];
            lastUsed: components["schemas"]["LastUseView"] | null;
            /** @description Of the last 7 days, the most used first, 20 at most */
            models: components["schemas"]["ModelUseView"][];
            /** @description For how long it can be undone, in milliseconds */
            undoMs: number;
            /** @description What will fail, in words */
            willFail: string[];
        };
        TokenLimitsView: {
            /** @description Empty where only the limits of the service refused it */
            limits: components["schemas"]["LimitStandingView"][];
            /** @description Id of the account; null for one made on the host */
            ownerId: string | null;
            /** @description The same of the last 24 hours */
            refusedDay: number;
            /** @description Requests that limits turned away since the hour before this one began */
            refusedHour: number;
            tokenId: string;
            tokenName: string;
        };
        TokenList: {
            /** @description Leads to the next page; null at the end */
            cursor: string | null;
            tokens: components["schemas"]["TokenView"][];
            /** @description How many there are on all pages */
            total: number;
        };
        TokenOwnerView: {
            /** Format: email */
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
        };
        TokenView: {
            /** @description What there is to know of it, the gravest first */
            conditions: components["schemas"]["TokenConditionView"][];
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            /** @description The id of who made it */
            createdBy: string;
            /** @description The last 7 days, the oldest first */
            days: components["schemas"]["TokenDayView"][];
            /** @description Milliseconds since 1970; null = never */
            expiresAtMs: number | null;
            /** @description Until when the secret before a rotation works */
            graceUntilMs: number | null;
            /** Format: uuid */
            id: string;
            lastUsed: components["schemas"]["LastUseView"] | null;
            limits: components["schemas"]["LimitsBody"];
            /** @description null = every model */
            models: string[] | null;
            name: string;
            /** @description null = made on the host, or its account is gone */
            owner: components["schemas"]["TokenOwnerView"] | null;
            /** @description The account it belongs to; null = made on the host */
            ownerId: string | null;
            /** @description The part of the token that is no secret */
            publicPart: string;
            /**
             * @description A token that the service made for a page of the console; null for any other
             * @enum {string|null}
             */
            purpose: "playground" | null;
            /** @description Until when the revocation can be undone */
            restorableUntilMs: number | null;
            revokedAtMs: number | null;
            /** @description null = never rotated */
            rotation: components["schemas"]["RotationView"] | null;
            scopes: ("encode" | "rank" | "index" | "search" | "models:read" | "admin:*")[];
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /** @description Whether what is sent with it may be stored for a while */
            storesInputs: boolean;
        };
        TokenWaitView: {
            /** @description The longest wait that was seen in each of `minutes`; null where nothing waited */
            byMinuteMs: (number | null)[];
            /** @description Items that wait now, in all pods */
            items: number;
            /** @description The longest wait that was seen in `minutes`, in milliseconds */
            longestMs: number;
            /** @description How long the oldest of them has waited, in milliseconds */
            oldestAgeMs: number;
            /** @description Requests that wait now */
            requests: number;
            /** @description null = all others together, for a member */
            tokenId: string | null;
            /** @description null where no living token has this id */
            tokenName: string | null;
        };
        TraceAnswer: {
            /** @description Where was looked, and what could not be asked */
            sources: components["schemas"]["TraceSourceView"][];
            /** @description The requests of the trace, the newest first: often one */
            traces: components["schemas"]["TraceView"][];
        };
        TraceBucketView: {
            /** @description Requests that began in it */
            count: number;
            /** @description Of these which did not end with ok */
            failed: number;
            /** @description Begin; milliseconds since 1970 */
            fromMs: number;
        };
        TraceErrorsView: {
            /** @description What began before was not counted, since only the newest 100,000 are looked at; null = all was */
            countedFromMs: number | null;
            /** @description The newest first, 200 at most */
            errors: components["schemas"]["TraceErrorView"][];
            /** @description How many more there are */
            more: number;
            /** @description Where was looked, and what could not be asked */
            sources: components["schemas"]["TraceSourceView"][];
        };
        TraceErrorView: {
            count: number;
            /** @description Milliseconds since 1970 */
            firstAtMs: number;
            /** @description Milliseconds since 1970 */
            lastAtMs: number;
            /** @description The trace of the newest of them */
            lastTraceId: string;
            model: string | null;
            /** @description item_failed or an error code */
            outcome: string;
            /** @description Id of the token, or anonymous */
            tokenId: string;
            /** @description null for anonymous */
            tokenName: string | null;
        };
        TraceFacetsView: {
            /** @description How long each bucket is */
            bucketMs: number;
            /** @description In their order; those without requests are left out */
            buckets: components["schemas"]["TraceBucketView"][];
            /** @description What began before was not counted, since only the newest 100,000 are looked at; null = all was */
            countedFromMs: number | null;
            facets: components["schemas"]["FacetView"][];
            /** @description Where was looked, and what could not be asked */
            sources: components["schemas"]["TraceSourceView"][];
            /** @description Requests that were counted */
            total: number;
        };
        TracePageView: {
            /** @description For the next page; null = this was the last */
            cursor: string | null;
            /** @description Where was looked, and what could not be asked */
            sources: components["schemas"]["TraceSourceView"][];
            traces: components["schemas"]["TraceSummaryView"][];
        };
        TraceSourceView: {
            /** @description Whether it was asked */
            asked: boolean;
            /** @enum {string} */
            kind: "memory" | "database";
            /** @description Whose memory; null for the database, where all write */
            pod: string | null;
            /** @description Why it was not asked */
            reason: string | null;
        };
        TraceSummaryView: {
            /** @description Items of that batch, those of others included */
            batchItems: number | null;
            /** @description The most that it could have had; null = unknown */
            batchItemsMax: number | null;
            device: string | null;
            durationMs: number;
            items: number;
            /**
             * @description Why it was kept: asked for, since it failed, among the slowest, or since there was little to do
             * @enum {string}
             */
            kept: "sampled" | "failed" | "slow" | "quiet";
            model: string | null;
            operation: string;
            /** @description ok, item_failed or an error code */
            outcome: string;
            /** @description The process that served it */
            pod: string;
            protocol: string;
            /** @description Its longest wait for a batch; null = it rode in none */
            queueMs: number | null;
            /** @description Of the longest run of a batch that it rode in */
            replica: string | null;
            requestId: string;
            /** @description Of the request's own span */
            spanId: string;
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            /** @description Id of the token, or anonymous */
            tokenId: string;
            /** @description null for anonymous */
            tokenName: string | null;
            traceId: string;
        };
        TraceView: {
            /** @description Of /api/batches/{id} */
            batchIds: string[];
            /** @description Items of that batch, those of others included */
            batchItems: number | null;
            /** @description The most that it could have had; null = unknown */
            batchItemsMax: number | null;
            device: string | null;
            durationMs: number;
            items: number;
            /**
             * @description Why it was kept: asked for, since it failed, among the slowest, or since there was little to do
             * @enum {string}
             */
            kept: "sampled" | "failed" | "slow" | "quiet";
            model: string | null;
            operation: string;
            /** @description ok, item_failed or an error code */
            outcome: string;
            /** @description The process that served it */
            pod: string;
            protocol: string;
            /** @description Its longest wait for a batch; null = it rode in none */
            queueMs: number | null;
            /** @description Of the longest run of a batch that it rode in */
            replica: string | null;
            requestId: string;
            /** @description Of the request's own span */
            spanId: string;
            /** @description The request's own span first */
            spans: components["schemas"]["SpanView"][];
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            /** @description Id of the token, or anonymous */
            tokenId: string;
            /** @description null for anonymous */
            tokenName: string | null;
            traceId: string;
        };
        UsageAnswer: {
            /** @description Milliseconds since 1970 */
            fromMs: number;
            rows: components["schemas"]["UsageRowView"][];
            /** @description Milliseconds since 1970, not included */
            toMs: number;
            /** @description All rows together */
            totals: components["schemas"]["UsageTotalsView"];
        };
        UsageRowView: {
            /** @description Requests that scopes or models of the token did not allow */
            denied: number;
            /** @description Texts and images of these */
            items: number;
            model?: string;
            /** @description ok, item_failed or an error code; unknown as above */
            outcome?: string;
            /** @description grpc, http, websocket; unknown for what was counted before this was */
            protocol?: string;
            /** @description Requests that a limit turned away */
            refused: number;
            /** @description Requests that were let in */
            requests: number;
            /** @description Begin of the hour or day, or of the query; milliseconds since 1970 */
            startMs: number;
            /** @description Id of the token, or anonymous; only where `per` names it, as what follows */
            tokenId?: string;
            /** @description null for anonymous */
            tokenName?: string | null;
        };
        UsageTotalsView: {
            /** @description Requests that scopes or models of the token did not allow */
            denied: number;
            /** @description Texts and images of these */
            items: number;
            /** @description Requests that a limit turned away */
            refused: number;
            /** @description Requests that were let in */
            requests: number;
        };
        VerificationView: {
            /** @description Null while it is under way */
            endedAtMs: number | null;
            /** @description Files that differ; at most 50 */
            problems: components["schemas"]["FileProblemView"][];
            /** @description Milliseconds since 1970 */
            startedAtMs: number;
            /** @enum {string} */
            state: "running" | "whole" | "damaged" | "failed";
            /** @description What came of it and what to do */
            text: string;
        };
        VersionView: {
            /** @description Milliseconds since 1970 */
            createdAtMs: number;
            createdBy: components["schemas"]["CreatorView"];
            models: components["schemas"]["DesiredModelBody"][];
            note: string;
            /** @description When a server first served all of it; null = not yet */
            servedAtMs: number | null;
            /**
             * @description What was set here wins over the settings
             * @enum {string}
             */
            source: "settings" | "admin";
            version: number;
        };
        WaitingView: {
            items: number;
            oldestAgeMs: number;
            requests: number;
            /** @description Id of the token, or anonymous; null for those of others, together */
            tokenId: string | null;
            /** @description Name of the token where the caller may see it */
            tokenName: string | null;
        };
        WaitsView: {
            /** @description Starts of the last 15 minutes at most, in milliseconds since 1970; the oldest first */
            minutes: number[];
            /** @description Pods that serve and do not answer: their queues are not known */
            silentPods: string[];
            /** @description Those with the longest wait first, at most 100 */
            tokens: components["schemas"]["TokenWaitView"][];
        };
        WhoAmI: {
            /** @description null for a token that was made on the host */
            account: components["schemas"]["AccountView"] | null;
            /** @description Of a session only */
            csrfToken?: string;
            permissions: ("tokens:read-own" | "tokens:write-own" | "tokens:read" | "tokens:write" | "accounts:read" | "accounts:write" | "owners:write" | "audit:read" | "usage:read-own" | "usage:read" | "traces:read-own" | "traces:read" | "models:read" | "models:write" | "playground:use" | "settings:read" | "settings:write")[];
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
            /** @enum {string} */
            via: "session" | "token";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Bearer */
        Challenge: string;
        /** @description Seconds until trying again makes sense */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    AccountsController_list: {
        parameters: {
            query?: {
                /** @description The cursor of the page before, with the same filters */
                cursor?: string;
                limit?: number;
                role?: "owner" | "admin" | "member" | "viewer";
                /** @description A part of the e-mail address or the name */
                search?: string;
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
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AccountsController_invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AccountsController_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["AccountRowView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AccountsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AccountsController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccountBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AccountsController_resetLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AuditController_list: {
        parameters: {
            query?: {
                /** @description An action or its beginning, such as token. */
                action?: string;
                /** @description Id or name of who made the change */
                actor?: string;
                /** @description cursor of the page before */
                cursor?: number;
                /** @description Conditions that must all hold beside the others, in JSON: a list of {"key", "not", "any"} with 16 values at most; keys are actor, by (account, token, host or system), action, target, address and text */
                filter?: string;
                /** @description A date or time, UTC unless it says otherwise */
                from?: string;
                limit?: number;
                /** @description Id or name of what was changed */
                target?: string;
                /** @description A part of a name, an action or an address, in any case */
                text?: string;
                /** @description The same */
                to?: string;
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
                    "application/json": components["schemas"]["AuditPageView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AuditController_csv: {
        parameters: {
            query?: {
                /** @description An action or its beginning, such as token. */
                action?: string;
                /** @description Id or name of who made the change */
                actor?: string;
                /** @description cursor of the page before */
                cursor?: number;
                /** @description Conditions that must all hold beside the others, in JSON: a list of {"key", "not", "any"} with 16 values at most; keys are actor, by (account, token, host or system), action, target, address and text */
                filter?: string;
                /** @description A date or time, UTC unless it says otherwise */
                from?: string;
                limit?: number;
                /** @description Id or name of what was changed */
                target?: string;
                /** @description A part of a name, an action or an address, in any case */
                text?: string;
                /** @description The same */
                to?: string;
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
                    "text/csv": string;
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AuditController_export: {
        parameters: {
            query?: {
                /** @description A date or time, UTC unless it says otherwise */
                from?: string;
                /** @description The same */
                to?: string;
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
                    "application/x-ndjson": string;
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AuditController_verify: {
        parameters: {
            query?: {
                /** @description head.hash of the same check */
                hash?: string;
                /** @description head.seq of an earlier check; both or neither */
                seq?: number;
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
                        events: number;
                        /** @description 0: there is no event yet */
                        firstSeq: number;
                        /** @description To be noted elsewhere, and given to a later check */
                        head: {
                            hash: string;
                            seq: number;
                        };
                        /** @enum {boolean} */
                        ok: true;
                    } | {
                        /** @enum {boolean} */
                        ok: false;
                        reason: string;
                        seq: number;
                    };
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AuditController_step: {
        parameters: {
            query?: {
                eventsMax?: number;
                /** @description head.hash of the step before */
                sinceHash?: string;
                /** @description head.seq of the step before; both or neither */
                sinceSeq?: number;
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
                    "application/json": components["schemas"]["AuditStepView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TracesController_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    CatalogueController_list: {
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
                    "application/json": components["schemas"]["CatalogueAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    CatalogueController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example mini-clip */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PodsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedPodsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    CatalogueController_pull: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example mini-clip */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PodsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedPodsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    CatalogueController_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example mini-clip */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PodsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedPodsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AboutController_about: {
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
                    "application/json": components["schemas"]["AboutView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    DevicesController_show: {
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
                    "application/json": components["schemas"]["DevicesAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    EventsController_stream: {
        parameters: {
            query?: never;
            header: {
                accept: "text/event-stream";
            };
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
                    "text/event-stream": string;
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LimitsController_limits: {
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
                    "application/json": components["schemas"]["LimitsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LinksController_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptLinkBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LogLevelController_show: {
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
                    "application/json": components["schemas"]["LogLevelView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LogLevelController_set: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogLevelBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLevelView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LogLevelController_reset: {
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
                    "application/json": components["schemas"]["LogLevelView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ModelsController_show: {
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
                    "application/json": components["schemas"]["ModelsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ModelsController_apply: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DesiredBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ModelsController_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DesiredBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ModelsController_rollback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ModelsController_compare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 1 */
                from: number;
                /** @example 1 */
                to: number;
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
                    "application/json": components["schemas"]["ComparisonAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SignOnController_state: {
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
                    "application/json": components["schemas"]["SignOnState"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SignOnController_finish: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the console, logged in, or back to the log-in page with the reason */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SignOnController_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or back to the log-in page with the reason */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    OverviewController_show: {
        parameters: {
            query?: {
                /** @description A date or time (UTC unless it says otherwise); an hour before the end */
                from?: string;
                /** @description Name of one model */
                model?: string;
                /** @description Length of a point in seconds, rounded to whole minutes; about 120 points when left out */
                step?: number;
                /** @description The end, not included; now when left out */
                to?: string;
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
                    "application/json": components["schemas"]["OverviewAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PlaygroundController_status: {
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
                    "application/json": components["schemas"]["PlaygroundView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PlaygroundController_embed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description As the inference API answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `deadline_exceeded` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PlaygroundController_explain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description As the inference API answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `deadline_exceeded` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PlaygroundController_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the inference API answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `deadline_exceeded` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PlaygroundController_rank: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description As the inference API answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `deadline_exceeded` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PodsController_list: {
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
                    "application/json": components["schemas"]["PodsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PodsController_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["PodView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PodsController_drain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
                /** @example 00000000-0000-4000-8000-000000000000 */
                replica: string;
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
                    "application/json": components["schemas"]["PodCommandAnswer"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PodsController_restart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
                /** @example 00000000-0000-4000-8000-000000000000 */
                replica: string;
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
                    "application/json": components["schemas"]["PodCommandAnswer"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    PodsController_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["PodCommandAnswer"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    CatalogueController_pulls: {
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
                    "application/json": components["schemas"]["PullsAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    AboutController_roles: {
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
                    "application/json": components["schemas"]["RoleList"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SessionController_who: {
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
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SessionController_logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogInBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SessionController_logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SessionController_rename: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    OtherSessionsController_list: {
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
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    OtherSessionsController_endAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    OtherSessionsController_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SessionController_changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    SettingsController_list: {
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
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LinksController_setUpState: {
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
                    "application/json": components["schemas"]["SetUpState"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    LinksController_setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    StoredRequestsController_counts: {
        parameters: {
            query?: {
                /** @description Id of a token */
                token?: string;
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
                    "application/json": components["schemas"]["StoredCountsView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    StoredRequestsController_removeAll: {
        parameters: {
            query: {
                /** @description Id of a token */
                token: string;
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
                    "application/json": components["schemas"]["RemovedView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_list: {
        parameters: {
            query?: {
                /** @description The cursor of the page before, with the same filters */
                cursor?: string;
                /** @description Revoked and expired ones, too */
                ended?: "true" | "false";
                limit?: number;
                /** @description Only those that may use this model */
                model?: string;
                /** @description A part of the name, or the id or the public part */
                name?: string;
                /** @description What comes first */
                order?: "created" | "lastUsed" | "expires" | "name";
                /** @description Only those of this account; `host` for those made on the host */
                owner?: string;
                /** @description Only those that have this scope */
                scope?: "encode" | "rank" | "index" | "search" | "models:read" | "admin:*";
                /** @description Only those that have this condition */
                status?: "revoked" | "expired" | "playground" | "refused_often" | "limited_often" | "expires_soon" | "rotating" | "unused" | "active";
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
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedTokenView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTokenBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_endGrace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_impactOf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TokenImpact"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TokensController_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateTokenBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedTokenView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TracesController_list: {
        parameters: {
            query?: {
                /** @description cursor of the page before */
                cursor?: string;
                /** @description JSON: a list of conditions that must all hold. `any`: one of texts, for model, operation, protocol, outcome, token, request, trace, id, pod, replica, device, kept, and for has one of model, batch, error, token; `compare` and `value`: a number, for duration, queue, items, batch.size, batch.fill (milliseconds, items, a share from 0 to 1); `not` turns one around */
                filter?: string;
                /** @description Begin; a date or time, UTC unless it says otherwise */
                from?: string;
                limit?: number;
                /** @description Name of the model that served */
                model?: string;
                /** @description What was asked for */
                operation?: string;
                /** @description How it ended; failed is every one but ok */
                outcome?: "ok" | "failed" | "item_failed" | "invalid_argument" | "malformed_request" | "unauthenticated" | "permission_denied" | "not_found" | "conflict" | "method_not_allowed" | "unsupported_media_type" | "model_unknown" | "request_too_large" | "item_empty" | "image_unreadable" | "image_too_large" | "image_format_refused" | "tensor_invalid" | "fetch_refused" | "fetch_failed" | "rank_without_matches" | "queue_full" | "rate_limited" | "replica_lost" | "item_poisonous" | "deadline_exceeded" | "cancelled" | "shutting_down" | "unavailable" | "unimplemented" | "internal";
                protocol?: "grpc" | "http" | "websocket";
                /** @description As the answer had it in x-request-id */
                requestId?: string;
                /** @description Only what took longer */
                slowerThanMs?: number;
                /** @description The end, not included */
                to?: string;
                /** @description Id of one token; all that the caller may see when left out */
                token?: string;
                traceId?: string;
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
                    "application/json": components["schemas"]["TracePageView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TracesController_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["TraceAnswer"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    StoredRequestsController_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["StoredRequestView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    StoredRequestsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
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
                    "application/json": components["schemas"]["RemovedView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TracesController_otlp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An ExportTraceServiceRequest of OpenTelemetry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    StoredRequestsController_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 00000000-0000-4000-8000-000000000000 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayView"];
                };
            };
            /** @description `invalid_argument`: the path cannot be decoded */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `request_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TraceCountsController_errors: {
        parameters: {
            query?: {
                /** @description JSON: a list of conditions that must all hold. `any`: one of texts, for model, operation, protocol, outcome, token, request, trace, id, pod, replica, device, kept, and for has one of model, batch, error, token; `compare` and `value`: a number, for duration, queue, items, batch.size, batch.fill (milliseconds, items, a share from 0 to 1); `not` turns one around */
                filter?: string;
                /** @description Begin; a date or time, UTC unless it says otherwise */
                from?: string;
                /** @description Name of the model that served */
                model?: string;
                /** @description What was asked for */
                operation?: string;
                /** @description How it ended; failed is every one but ok */
                outcome?: "ok" | "failed" | "item_failed" | "invalid_argument" | "malformed_request" | "unauthenticated" | "permission_denied" | "not_found" | "conflict" | "method_not_allowed" | "unsupported_media_type" | "model_unknown" | "request_too_large" | "item_empty" | "image_unreadable" | "image_too_large" | "image_format_refused" | "tensor_invalid" | "fetch_refused" | "fetch_failed" | "rank_without_matches" | "queue_full" | "rate_limited" | "replica_lost" | "item_poisonous" | "deadline_exceeded" | "cancelled" | "shutting_down" | "unavailable" | "unimplemented" | "internal";
                protocol?: "grpc" | "http" | "websocket";
                /** @description As the answer had it in x-request-id */
                requestId?: string;
                /** @description Only what took longer */
                slowerThanMs?: number;
                /** @description The end, not included */
                to?: string;
                /** @description Id of one token; all that the caller may see when left out */
                token?: string;
                traceId?: string;
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
                    "application/json": components["schemas"]["TraceErrorsView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    TraceCountsController_facets: {
        parameters: {
            query?: {
                /** @description JSON: a list of conditions that must all hold. `any`: one of texts, for model, operation, protocol, outcome, token, request, trace, id, pod, replica, device, kept, and for has one of model, batch, error, token; `compare` and `value`: a number, for duration, queue, items, batch.size, batch.fill (milliseconds, items, a share from 0 to 1); `not` turns one around */
                filter?: string;
                /** @description Begin; a date or time, UTC unless it says otherwise */
                from?: string;
                /** @description Name of the model that served */
                model?: string;
                /** @description What was asked for */
                operation?: string;
                /** @description How it ended; failed is every one but ok */
                outcome?: "ok" | "failed" | "item_failed" | "invalid_argument" | "malformed_request" | "unauthenticated" | "permission_denied" | "not_found" | "conflict" | "method_not_allowed" | "unsupported_media_type" | "model_unknown" | "request_too_large" | "item_empty" | "image_unreadable" | "image_too_large" | "image_format_refused" | "tensor_invalid" | "fetch_refused" | "fetch_failed" | "rank_without_matches" | "queue_full" | "rate_limited" | "replica_lost" | "item_poisonous" | "deadline_exceeded" | "cancelled" | "shutting_down" | "unavailable" | "unimplemented" | "internal";
                protocol?: "grpc" | "http" | "websocket";
                /** @description As the answer had it in x-request-id */
                requestId?: string;
                /** @description Only what took longer */
                slowerThanMs?: number;
                /** @description The end, not included */
                to?: string;
                /** @description Id of one token; all that the caller may see when left out */
                token?: string;
                traceId?: string;
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
                    "application/json": components["schemas"]["TraceFacetsView"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    UsageController_usage: {
        parameters: {
            query?: {
                /** @description Length of what a row sums up */
                by?: "hour" | "day" | "total";
                /** @description A date or time (UTC unless it says otherwise); 30 days ago */
                from?: string;
                /** @description Name of one model */
                model?: string;
                /** @description ok, item_failed or an error code */
                outcome?: string;
                /** @description What rows are told apart by, with commas between; empty = by time alone */
                per?: string;
                /** @description grpc, http or websocket */
                protocol?: string;
                /** @description The end, not included; now when left out */
                to?: string;
                /** @description Id of one token; all that the caller may see when left out */
                token?: string;
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
                    "application/json": components["schemas"]["UsageAnswer"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    UsageController_csv: {
        parameters: {
            query?: {
                /** @description Length of what a row sums up */
                by?: "hour" | "day" | "total";
                /** @description A date or time (UTC unless it says otherwise); 30 days ago */
                from?: string;
                /** @description Name of one model */
                model?: string;
                /** @description ok, item_failed or an error code */
                outcome?: string;
                /** @description What rows are told apart by, with commas between; empty = by time alone */
                per?: string;
                /** @description grpc, http or websocket */
                protocol?: string;
                /** @description The end, not included; now when left out */
                to?: string;
                /** @description Id of one token; all that the caller may see when left out */
                token?: string;
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
                    "text/csv": string;
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `permission_denied` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `invalid_argument` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    HealthController_live: {
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
                    "application/json": components["schemas"]["Life"];
                };
            };
            /** @description `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
}
