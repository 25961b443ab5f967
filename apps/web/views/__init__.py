"""The pages, one module for each part of the desk; each exports `router`, found by `apps.web.app`."""
