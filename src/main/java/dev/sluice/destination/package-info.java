/** The on-failure destinations: Amazon SQS, Amazon SNS, Amazon S3, or a topic of the cluster that the records came from. */
package dev.sluice.destination;
