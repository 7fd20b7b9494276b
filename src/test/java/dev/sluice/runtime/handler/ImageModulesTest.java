package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageModulesTest {

    private static String hint(String runtime, String message) {
        return ImageModules.hint(runtime, ("{\"errorMessage\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8)).orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    python3.12 | Unable to import module 'app': No module named 'boto3' | 'boto3' | pip install boto3
                    python3.9 | No module named 'botocore.exceptions' | 'botocore.exceptions' | pip install boto3
                    python3.13 | No module named 'dateutil' | 'dateutil' | pip install boto3
                    nodejs22.x | Cannot find package '@aws-sdk/client-ses' imported from /code/index.mjs | '@aws-sdk/client-ses' | npm install @aws-sdk/client-ses
                    nodejs20.x | Error: Cannot find module '@smithy/util-utf8/dist' | '@smithy/util-utf8/dist' | npm install @smithy/util-utf8
                    nodejs14.x | Error: Cannot find module 'aws-sdk/clients/s3' | 'aws-sdk/clients/s3' | npm install aws-sdk
                    """)
    void namesAModuleOfLambdasImageAndHowToGetIt(String runtime, String message, String module, String command) {
        assertThat(hint(runtime, message)).startsWith(module + " is part of Lambda's image of " + runtime).contains("(" + command + ")",
                "layer");
    }

    @Test
    void saysThatNewerImagesOfNodeHaveNoVersion2() {
        assertThat(hint("nodejs22.x", "Error: Cannot find module 'aws-sdk'")).startsWith("'aws-sdk' is missing on Lambda, too");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
            python3.12 | No module named 'requests'
            python3.12 | No module named 'boto3_type_annotations'
            python3.12 | Cannot find module 'aws-sdk'
            nodejs22.x | Cannot find module './aws-sdk'
            nodejs22.x | Cannot find module 'aws-sdk-mock'
            nodejs16.x | Cannot find module '@aws-sdk/client-s3'
            provided.al2023 | No module named 'boto3'
            """)
    void saysNothingOfAnyOtherModule(String runtime, String message) {
        assertThat(hint(runtime, message)).isEmpty();
    }
}
