scoutsuite_results =
{"account_id": "shop", "provider_code": "gcp", "last_run": {"ruleset_name": "default", "time": "2026-11-02 11:00:00+0100", "version": "5.14.0"}, "services": {
 "cloudstorage": {"findings": {
  "cloudstorage-bucket-no-logging": {"checked_items": 3, "flagged_items": 2, "dashboard_name": "Buckets", "description": "Bucket with Logging Disabled", "items": ["cloudstorage.projects.shop.buckets.receipts.logging_enabled", "cloudstorage.projects.shop.buckets.carts.logging_enabled"], "level": "warning", "rationale": "Enable access and storage logs.", "references": ["https://cloud.google.com/storage/docs/access-logs"], "remediation": null, "service": "Cloud Storage"},
  "cloudstorage-bucket-allUsers": {"checked_items": 3, "flagged_items": 0, "description": "Bucket Accessible by \"allUsers\"", "items": [], "level": "danger", "service": "Cloud Storage"}}},
 "kms": {"findings": {"kms-no-rotation": {"checked_items": 0, "flagged_items": 0, "description": "Keys are not rotated", "items": [], "level": "warning"}, "odd": 7}},
 "iam": {"findings": {"iam-primitive": {"checked_items": 1, "flagged_items": 1, "description": "Primitive Role in Use", "level": "danger"}}}}}
