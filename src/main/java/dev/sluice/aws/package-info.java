/** The AWS services that Sluice itself calls: SQS, SNS and S3, at AWS or at an emulator. */
package dev.sluice.aws;
