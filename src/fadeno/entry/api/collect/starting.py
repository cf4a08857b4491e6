"""What clients ask for before they start: settings that send everything here and load nothing else."""

from typing import Any

from fadeno.kit import ids
from fadeno.sources import Source


def segment_settings(reached: tuple[str, str], key: str) -> dict[str, Any]:
    """What analytics.js asks for."""
    scheme, host = reached
    return {
        "integrations": {"Segment.io": {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme}},
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "remotePlugins": [],
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
    }


def rudder_settings(reached: tuple[str, str], key: str, source: Source) -> dict[str, Any]:
    """What the RudderStack browser client asks for."""
    scheme, host = reached
    changed = source.created_at.isoformat()
    return {
        "source": {
            "id": str(source.id),
            "name": source.name,
            "writeKey": key,
            "enabled": source.enabled,
            "updatedAt": changed,
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "connections": [],
            "destinations": [],
            "dataplanes": {},
            "workspaceId": "fadeno",
        },
        "updatedAt": changed,
        "dataPlaneUrl": f"{scheme}://{host}",
    }


def posthog_flags() -> dict[str, Any]:
    """No flag is on: what PostHog's clients ask before they decide anything."""
    return {
        "flags": {},
        "featureFlags": {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": False,
        "requestId": str(ids.new_id()),
    }


def posthog_config(key: str) -> dict[str, Any]:
    """What the PostHog browser client asks for: record no screens, ask no surveys, load no more scripts."""
    return {
        "token": key,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": False,
        "analytics": {"endpoint": "/e/"},
        "sessionRecording": False,
        "surveys": False,
        "heatmaps": False,
        "capturePerformance": False,
        "autocaptureExceptions": False,
        "autocapture_opt_out": True,
        "toolbarParams": {},
        "isAuthenticated": False,
        "siteApps": [],
        "siteAppsJS": [],
    }
