"""JSON over HTTP, one file per room; each exports `routes`."""
