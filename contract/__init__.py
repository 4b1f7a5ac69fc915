"""The wire between kiosk and register: message types, problem types and the OpenAPI document."""
