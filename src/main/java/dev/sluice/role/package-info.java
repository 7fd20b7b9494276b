/**
 * What a mapping needs on AWS that nobody needs here: the permissions of its function's execution role, and a network. Follows "Configuring
 * Lambda permissions for Amazon MSK event source mappings", "Configuring your Amazon MSK cluster and Amazon VPC network for Lambda" and their
 * like for self-managed Apache Kafka in the AWS Lambda developer guide.
 */
package dev.sluice.role;
