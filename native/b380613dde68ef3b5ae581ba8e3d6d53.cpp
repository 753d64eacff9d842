// nabla_ababb14ac311bb255a41cf502b7bade3 and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

inline double nabla_ababb14ac311bb255a41cf502b7bade3_body1(double x1) {
  const double t1 = x1 * 1.0;
  return t1;
}

inline double nabla_ababb14ac311bb255a41cf502b7bade3_body2(double x1) {
  const double t1 = x1 * 0.0;
  const double t2 = t1 + 0.5;
  return t2;
}

inline double nabla_ababb14ac311bb255a41cf502b7bade3_body3(double x1, double x2) {
  const double t1 = x1 * x2;
  return t1;
}

inline std::array<double, 3> nabla_ababb14ac311bb255a41cf502b7bade3_body4(double x1, double x2) {
  const double t1 = x1 * x2;
  return {t1, x2, x1};
}

inline double nabla_ababb14ac311bb255a41cf502b7bade3_body5(double t_in) {
  const double t1 = t_in * 0.0;
  return t1;
}

inline double nabla_ababb14ac311bb255a41cf502b7bade3_body6(double t_in) {
  const double t1 = t_in * 1.0;
  return t1;
}

inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places1[] = {399, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 320, 340, 321, 341, 322, 342, 323, 343, 324, 344, 325, 345, 326, 346, 327, 347, 328, 348};
inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places2[] = {430, 433, 434, 437, 438};
inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places3[] = {441, 431, 432, 442, 443, 435, 436, 444, 445, 439, 440};
inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places4[] = {412, 414, 416, 418, 420, 422, 424, 426, 428};
inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places5[] = {0, 5, 20, 45, 80, 125, 10, 75, 150, 65, 160, 1, 6, 21, 46, 81, 126, 11, 76, 151, 66, 161, 4, 9, 24, 49, 84, 129, 14, 79, 154, 69, 164, 9, 14, 29, 54, 89, 134, 19, 84, 159, 74, 169, 16, 21, 36, 61, 96, 141, 26, 91, 166, 81, 6, 25, 30, 45, 70, 105, 150, 35, 100, 5, 90, 15, 36, 41, 56, 81, 116, 161, 46, 111, 16, 101, 26, 49, 54, 69, 94, 129, 4, 59, 124, 29, 114, 39, 64, 69, 84, 109, 144, 19, 74, 139, 44, 129, 54};
inline constexpr double nabla_ababb14ac311bb255a41cf502b7bade3_constants6[] = {0.5, 3.5, 6.5, 9.5, 12.5, 15.5, 18.5, 21.5, 24.5, 27.5, 30.5, 0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5, 32.5, 36.5, 40.5, 0.5, 5.5, 10.5, 15.5, 20.5, 25.5, 30.5, 35.5, 40.5, 45.5, 50.5, 0.5, 6.5, 12.5, 18.5, 24.5, 30.5, 36.5, 42.5, 48.5, 54.5, 60.5, 0.5, 7.5, 14.5, 21.5, 28.5, 35.5, 42.5, 49.5, 56.5, 63.5, 70.5, 0.5, 8.5, 16.5, 24.5, 32.5, 40.5, 48.5, 56.5, 64.5, 72.5, 80.5, 0.5, 9.5, 18.5, 27.5, 36.5, 45.5, 54.5, 63.5, 72.5, 81.5, 90.5, 0.5, 10.5, 20.5, 30.5, 40.5, 50.5, 60.5, 70.5, 80.5, 90.5, 100.5, 0.5, 11.5, 22.5, 33.5, 44.5, 55.5, 66.5, 77.5, 88.5, 99.5, 110.5};
inline constexpr std::uint32_t nabla_ababb14ac311bb255a41cf502b7bade3_places7[] = {413, 415, 417, 419, 421, 423, 425, 427, 429};

/// At x[0], ..., x[399].
inline double nabla_ababb14ac311bb255a41cf502b7bade3(const double* __restrict x) {
  static thread_local std::vector<double> values(474);
  double* const __restrict v = values.data();
  v[0] = x[0];
  v[1] = x[1];
  v[2] = x[2];
  v[3] = x[3];
  v[4] = x[4];
  v[5] = x[5];
  v[6] = x[6];
  v[7] = x[7];
  v[8] = x[8];
  v[9] = x[9];
  v[10] = x[10];
  v[11] = x[11];
  v[12] = x[12];
  v[13] = x[13];
  v[14] = x[14];
  v[15] = x[15];
  v[16] = x[16];
  v[17] = x[17];
  v[18] = x[18];
  v[19] = x[19];
  v[20] = x[20];
  v[21] = x[21];
  v[22] = x[22];
  v[23] = x[23];
  v[24] = x[24];
  v[25] = x[25];
  v[26] = x[26];
  v[27] = x[27];
  v[28] = x[28];
  v[29] = x[29];
  v[30] = x[30];
  v[31] = x[31];
  v[32] = x[32];
  v[33] = x[33];
  v[34] = x[34];
  v[35] = x[35];
  v[36] = x[36];
  v[37] = x[37];
  v[38] = x[38];
  v[39] = x[39];
  v[40] = x[40];
  v[41] = x[41];
  v[42] = x[42];
  v[43] = x[43];
  v[44] = x[44];
  v[45] = x[45];
  v[46] = x[46];
  v[47] = x[47];
  v[48] = x[48];
  v[49] = x[49];
  v[50] = x[50];
  v[51] = x[51];
  v[52] = x[52];
  v[53] = x[53];
  v[54] = x[54];
  v[55] = x[55];
  v[56] = x[56];
  v[57] = x[57];
  v[58] = x[58];
  v[59] = x[59];
  v[60] = x[60];
  v[61] = x[61];
  v[62] = x[62];
  v[63] = x[63];
  v[64] = x[64];
  v[65] = x[65];
  v[66] = x[66];
  v[67] = x[67];
  v[68] = x[68];
  v[69] = x[69];
  v[70] = x[70];
  v[71] = x[71];
  v[72] = x[72];
  v[73] = x[73];
  v[74] = x[74];
  v[75] = x[75];
  v[76] = x[76];
  v[77] = x[77];
  v[78] = x[78];
  v[79] = x[79];
  v[80] = x[80];
  v[81] = x[81];
  v[82] = x[82];
  v[83] = x[83];
  v[84] = x[84];
  v[85] = x[85];
  v[86] = x[86];
  v[87] = x[87];
  v[88] = x[88];
  v[89] = x[89];
  v[90] = x[90];
  v[91] = x[91];
  v[92] = x[92];
  v[93] = x[93];
  v[94] = x[94];
  v[95] = x[95];
  v[96] = x[96];
  v[97] = x[97];
  v[98] = x[98];
  v[99] = x[99];
  v[100] = x[100];
  v[101] = x[101];
  v[102] = x[102];
  v[103] = x[103];
  v[104] = x[104];
  v[105] = x[105];
  v[106] = x[106];
  v[107] = x[107];
  v[108] = x[108];
  v[109] = x[109];
  v[110] = x[110];
  v[111] = x[111];
  v[112] = x[112];
  v[113] = x[113];
  v[114] = x[114];
  v[115] = x[115];
  v[116] = x[116];
  v[117] = x[117];
  v[118] = x[118];
  v[119] = x[119];
  v[120] = x[120];
  v[121] = x[121];
  v[122] = x[122];
  v[123] = x[123];
  v[124] = x[124];
  v[125] = x[125];
  v[126] = x[126];
  v[127] = x[127];
  v[128] = x[128];
  v[129] = x[129];
  v[130] = x[130];
  v[131] = x[131];
  v[132] = x[132];
  v[133] = x[133];
  v[134] = x[134];
  v[135] = x[135];
  v[136] = x[136];
  v[137] = x[137];
  v[138] = x[138];
  v[139] = x[139];
  v[140] = x[140];
  v[141] = x[141];
  v[142] = x[142];
  v[144] = x[144];
  v[150] = x[150];
  v[151] = x[151];
  v[154] = x[154];
  v[159] = x[159];
  v[160] = x[160];
  v[161] = x[161];
  v[164] = x[164];
  v[166] = x[166];
  v[169] = x[169];
  v[200] = x[200];
  v[201] = x[201];
  v[202] = x[202];
  v[203] = x[203];
  v[204] = x[204];
  v[205] = x[205];
  v[206] = x[206];
  v[207] = x[207];
  v[208] = x[208];
  v[209] = x[209];
  v[210] = x[210];
  v[211] = x[211];
  v[212] = x[212];
  v[300] = x[300];
  v[301] = x[301];
  v[302] = x[302];
  v[303] = x[303];
  v[304] = x[304];
  v[305] = x[305];
  v[306] = x[306];
  v[307] = x[307];
  v[308] = x[308];
  v[309] = x[309];
  v[310] = x[310];
  v[320] = x[320];
  v[321] = x[321];
  v[322] = x[322];
  v[323] = x[323];
  v[324] = x[324];
  v[325] = x[325];
  v[326] = x[326];
  v[327] = x[327];
  v[328] = x[328];
  v[340] = x[340];
  v[341] = x[341];
  v[342] = x[342];
  v[343] = x[343];
  v[344] = x[344];
  v[345] = x[345];
  v[346] = x[346];
  v[347] = x[347];
  v[348] = x[348];
  v[399] = x[399];
  for (std::size_t i = 0; i < 30; ++i) {
    v[400 + i] = nabla_ababb14ac311bb255a41cf502b7bade3_body1(v[nabla_ababb14ac311bb255a41cf502b7bade3_places1[i]]);
  }
  {
    std::size_t i = 0;
    for (; i + 8 <= 11; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[401 + (i + r)];
      for (std::size_t j = 0; j < 13; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[0 + (i + r) * 13u + j] * v[200 + j];
      for (std::size_t r = 0; r < 8; ++r) v[430 + i + r] = total[r];
    }
    for (; i < 11; ++i) {
      double total = v[401 + i];
      for (std::size_t j = 0; j < 13; ++j) total += v[0 + i * 13u + j] * v[200 + j];
      v[430 + i] = total;
    }
  }
  for (std::size_t i = 0; i < 5; ++i) {
    v[441 + i] = nabla_ababb14ac311bb255a41cf502b7bade3_body2(v[nabla_ababb14ac311bb255a41cf502b7bade3_places2[i]]);
  }
  {
    double row_b[11];
    for (std::size_t j = 0; j < 11; ++j) row_b[j] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places3[j]];
    std::size_t i = 0;
    for (; i + 8 <= 9; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places4[(i + r)]];
      for (std::size_t j = 0; j < 11; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[0 + (i + r) + j * 13u] * row_b[j];
      for (std::size_t r = 0; r < 8; ++r) v[446 + i + r] = total[r];
    }
    for (; i < 9; ++i) {
      double total = v[nabla_ababb14ac311bb255a41cf502b7bade3_places4[i]];
      for (std::size_t j = 0; j < 11; ++j) total += v[0 + i + j * 13u] * row_b[j];
      v[446 + i] = total;
    }
  }
  {
    std::size_t i = 0;
    for (; i + 8 <= 9; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places7[(i + r)]];
      for (std::size_t j = 0; j < 11; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[nabla_ababb14ac311bb255a41cf502b7bade3_places5[(i + r) * 11 + j]] * nabla_ababb14ac311bb255a41cf502b7bade3_constants6[(i + r) * 11 + j];
      for (std::size_t r = 0; r < 8; ++r) v[455 + i + r] = total[r];
    }
    for (; i < 9; ++i) {
      double total = v[nabla_ababb14ac311bb255a41cf502b7bade3_places7[i]];
      for (std::size_t j = 0; j < 11; ++j) total += v[nabla_ababb14ac311bb255a41cf502b7bade3_places5[i * 11 + j]] * nabla_ababb14ac311bb255a41cf502b7bade3_constants6[i * 11 + j];
      v[455 + i] = total;
    }
  }
  double total = v[400];
  for (std::size_t i = 0; i < 9; ++i) {
    total += nabla_ababb14ac311bb255a41cf502b7bade3_body3(v[446 + i], v[455 + i]);
  }
  v[473] = total;
  {
    if ((0 < v[430]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[431 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[433 + i]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[435 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[437 + i]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[439 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  return v[473];
}

/// The value, and into g[0], ..., g[399] the derivatives by x.
inline double nabla_ababb14ac311bb255a41cf502b7bade3_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(474);
  double* const __restrict v = values.data();
  v[0] = x[0];
  v[1] = x[1];
  v[2] = x[2];
  v[3] = x[3];
  v[4] = x[4];
  v[5] = x[5];
  v[6] = x[6];
  v[7] = x[7];
  v[8] = x[8];
  v[9] = x[9];
  v[10] = x[10];
  v[11] = x[11];
  v[12] = x[12];
  v[13] = x[13];
  v[14] = x[14];
  v[15] = x[15];
  v[16] = x[16];
  v[17] = x[17];
  v[18] = x[18];
  v[19] = x[19];
  v[20] = x[20];
  v[21] = x[21];
  v[22] = x[22];
  v[23] = x[23];
  v[24] = x[24];
  v[25] = x[25];
  v[26] = x[26];
  v[27] = x[27];
  v[28] = x[28];
  v[29] = x[29];
  v[30] = x[30];
  v[31] = x[31];
  v[32] = x[32];
  v[33] = x[33];
  v[34] = x[34];
  v[35] = x[35];
  v[36] = x[36];
  v[37] = x[37];
  v[38] = x[38];
  v[39] = x[39];
  v[40] = x[40];
  v[41] = x[41];
  v[42] = x[42];
  v[43] = x[43];
  v[44] = x[44];
  v[45] = x[45];
  v[46] = x[46];
  v[47] = x[47];
  v[48] = x[48];
  v[49] = x[49];
  v[50] = x[50];
  v[51] = x[51];
  v[52] = x[52];
  v[53] = x[53];
  v[54] = x[54];
  v[55] = x[55];
  v[56] = x[56];
  v[57] = x[57];
  v[58] = x[58];
  v[59] = x[59];
  v[60] = x[60];
  v[61] = x[61];
  v[62] = x[62];
  v[63] = x[63];
  v[64] = x[64];
  v[65] = x[65];
  v[66] = x[66];
  v[67] = x[67];
  v[68] = x[68];
  v[69] = x[69];
  v[70] = x[70];
  v[71] = x[71];
  v[72] = x[72];
  v[73] = x[73];
  v[74] = x[74];
  v[75] = x[75];
  v[76] = x[76];
  v[77] = x[77];
  v[78] = x[78];
  v[79] = x[79];
  v[80] = x[80];
  v[81] = x[81];
  v[82] = x[82];
  v[83] = x[83];
  v[84] = x[84];
  v[85] = x[85];
  v[86] = x[86];
  v[87] = x[87];
  v[88] = x[88];
  v[89] = x[89];
  v[90] = x[90];
  v[91] = x[91];
  v[92] = x[92];
  v[93] = x[93];
  v[94] = x[94];
  v[95] = x[95];
  v[96] = x[96];
  v[97] = x[97];
  v[98] = x[98];
  v[99] = x[99];
  v[100] = x[100];
  v[101] = x[101];
  v[102] = x[102];
  v[103] = x[103];
  v[104] = x[104];
  v[105] = x[105];
  v[106] = x[106];
  v[107] = x[107];
  v[108] = x[108];
  v[109] = x[109];
  v[110] = x[110];
  v[111] = x[111];
  v[112] = x[112];
  v[113] = x[113];
  v[114] = x[114];
  v[115] = x[115];
  v[116] = x[116];
  v[117] = x[117];
  v[118] = x[118];
  v[119] = x[119];
  v[120] = x[120];
  v[121] = x[121];
  v[122] = x[122];
  v[123] = x[123];
  v[124] = x[124];
  v[125] = x[125];
  v[126] = x[126];
  v[127] = x[127];
  v[128] = x[128];
  v[129] = x[129];
  v[130] = x[130];
  v[131] = x[131];
  v[132] = x[132];
  v[133] = x[133];
  v[134] = x[134];
  v[135] = x[135];
  v[136] = x[136];
  v[137] = x[137];
  v[138] = x[138];
  v[139] = x[139];
  v[140] = x[140];
  v[141] = x[141];
  v[142] = x[142];
  v[144] = x[144];
  v[150] = x[150];
  v[151] = x[151];
  v[154] = x[154];
  v[159] = x[159];
  v[160] = x[160];
  v[161] = x[161];
  v[164] = x[164];
  v[166] = x[166];
  v[169] = x[169];
  v[200] = x[200];
  v[201] = x[201];
  v[202] = x[202];
  v[203] = x[203];
  v[204] = x[204];
  v[205] = x[205];
  v[206] = x[206];
  v[207] = x[207];
  v[208] = x[208];
  v[209] = x[209];
  v[210] = x[210];
  v[211] = x[211];
  v[212] = x[212];
  v[300] = x[300];
  v[301] = x[301];
  v[302] = x[302];
  v[303] = x[303];
  v[304] = x[304];
  v[305] = x[305];
  v[306] = x[306];
  v[307] = x[307];
  v[308] = x[308];
  v[309] = x[309];
  v[310] = x[310];
  v[320] = x[320];
  v[321] = x[321];
  v[322] = x[322];
  v[323] = x[323];
  v[324] = x[324];
  v[325] = x[325];
  v[326] = x[326];
  v[327] = x[327];
  v[328] = x[328];
  v[340] = x[340];
  v[341] = x[341];
  v[342] = x[342];
  v[343] = x[343];
  v[344] = x[344];
  v[345] = x[345];
  v[346] = x[346];
  v[347] = x[347];
  v[348] = x[348];
  v[399] = x[399];
  static thread_local std::vector<double> adjoints(474);
  double* const __restrict a = adjoints.data();
  std::fill(a + 0, a + 474, 0.0);
  for (std::size_t i = 0; i < 30; ++i) {
    v[400 + i] = nabla_ababb14ac311bb255a41cf502b7bade3_body1(v[nabla_ababb14ac311bb255a41cf502b7bade3_places1[i]]);
  }
  {
    std::size_t i = 0;
    for (; i + 8 <= 11; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[401 + (i + r)];
      for (std::size_t j = 0; j < 13; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[0 + (i + r) * 13u + j] * v[200 + j];
      for (std::size_t r = 0; r < 8; ++r) v[430 + i + r] = total[r];
    }
    for (; i < 11; ++i) {
      double total = v[401 + i];
      for (std::size_t j = 0; j < 13; ++j) total += v[0 + i * 13u + j] * v[200 + j];
      v[430 + i] = total;
    }
  }
  for (std::size_t i = 0; i < 5; ++i) {
    v[441 + i] = nabla_ababb14ac311bb255a41cf502b7bade3_body2(v[nabla_ababb14ac311bb255a41cf502b7bade3_places2[i]]);
  }
  {
    double row_b[11];
    for (std::size_t j = 0; j < 11; ++j) row_b[j] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places3[j]];
    std::size_t i = 0;
    for (; i + 8 <= 9; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places4[(i + r)]];
      for (std::size_t j = 0; j < 11; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[0 + (i + r) + j * 13u] * row_b[j];
      for (std::size_t r = 0; r < 8; ++r) v[446 + i + r] = total[r];
    }
    for (; i < 9; ++i) {
      double total = v[nabla_ababb14ac311bb255a41cf502b7bade3_places4[i]];
      for (std::size_t j = 0; j < 11; ++j) total += v[0 + i + j * 13u] * row_b[j];
      v[446 + i] = total;
    }
  }
  {
    std::size_t i = 0;
    for (; i + 8 <= 9; i += 8) {
      double total[8];
      for (std::size_t r = 0; r < 8; ++r) total[r] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places7[(i + r)]];
      for (std::size_t j = 0; j < 11; ++j)
        for (std::size_t r = 0; r < 8; ++r) total[r] += v[nabla_ababb14ac311bb255a41cf502b7bade3_places5[(i + r) * 11 + j]] * nabla_ababb14ac311bb255a41cf502b7bade3_constants6[(i + r) * 11 + j];
      for (std::size_t r = 0; r < 8; ++r) v[455 + i + r] = total[r];
    }
    for (; i < 9; ++i) {
      double total = v[nabla_ababb14ac311bb255a41cf502b7bade3_places7[i]];
      for (std::size_t j = 0; j < 11; ++j) total += v[nabla_ababb14ac311bb255a41cf502b7bade3_places5[i * 11 + j]] * nabla_ababb14ac311bb255a41cf502b7bade3_constants6[i * 11 + j];
      v[455 + i] = total;
    }
  }
  double total = v[400];
  for (std::size_t i = 0; i < 9; ++i) {
    const auto d = nabla_ababb14ac311bb255a41cf502b7bade3_body4(v[446 + i], v[455 + i]);
    total += d[0];
    a[446 + i] += d[1];
    a[455 + i] += d[2];
  }
  v[473] = total;
  {
    if ((0 < v[430]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[431 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[433 + i]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[435 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[437 + i]))
      throw std::runtime_error("line 64: this comparison was false when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!(0 < v[439 + i]))
      throw std::runtime_error("line 64: this comparison was true when the program was recorded");
  }
  a[400] += 1;
  {
    for (std::size_t i = 0; i < 9; ++i) {
      const double t = a[455 + i];
      if (t == 0) continue;
      a[nabla_ababb14ac311bb255a41cf502b7bade3_places7[i]] += t;
      for (std::size_t j = 0; j < 11; ++j) a[nabla_ababb14ac311bb255a41cf502b7bade3_places5[i * 11 + j]] += t * nabla_ababb14ac311bb255a41cf502b7bade3_constants6[i * 11 + j];
    }
  }
  {
    double row_b[11];
    for (std::size_t j = 0; j < 11; ++j) row_b[j] = v[nabla_ababb14ac311bb255a41cf502b7bade3_places3[j]];
    double sent_row_b[11] = {};
    for (std::size_t i = 0; i < 9; ++i) {
      const double t = a[446 + i];
      if (t == 0) continue;
      a[nabla_ababb14ac311bb255a41cf502b7bade3_places4[i]] += t;
      for (std::size_t j = 0; j < 11; ++j) a[0 + i + j * 13u] += t * row_b[j];
      for (std::size_t j = 0; j < 11; ++j) sent_row_b[j] += t * v[0 + i + j * 13u];
    }
    for (std::size_t j = 0; j < 11; ++j) a[nabla_ababb14ac311bb255a41cf502b7bade3_places3[j]] += sent_row_b[j];
  }
  for (std::size_t i = 0; i < 5; ++i) {
    const auto d = nabla_ababb14ac311bb255a41cf502b7bade3_body5(a[441 + i]);
    a[nabla_ababb14ac311bb255a41cf502b7bade3_places2[i]] += d;
  }
  {
    double sent_row_b[13] = {};
    for (std::size_t i = 0; i < 11; ++i) {
      const double t = a[430 + i];
      if (t == 0) continue;
      a[401 + i] += t;
      for (std::size_t j = 0; j < 13; ++j) a[0 + i * 13u + j] += t * v[200 + j];
      for (std::size_t j = 0; j < 13; ++j) sent_row_b[j] += t * v[0 + i * 13u + j];
    }
    for (std::size_t j = 0; j < 13; ++j) a[200 + j] += sent_row_b[j];
  }
  for (std::size_t i = 0; i < 30; ++i) {
    const auto d = nabla_ababb14ac311bb255a41cf502b7bade3_body6(a[400 + i]);
    a[nabla_ababb14ac311bb255a41cf502b7bade3_places1[i]] += d;
  }
  g[0] = a[0];
  g[1] = a[1];
  g[2] = a[2];
  g[3] = a[3];
  g[4] = a[4];
  g[5] = a[5];
  g[6] = a[6];
  g[7] = a[7];
  g[8] = a[8];
  g[9] = a[9];
  g[10] = a[10];
  g[11] = a[11];
  g[12] = a[12];
  g[13] = a[13];
  g[14] = a[14];
  g[15] = a[15];
  g[16] = a[16];
  g[17] = a[17];
  g[18] = a[18];
  g[19] = a[19];
  g[20] = a[20];
  g[21] = a[21];
  g[22] = a[22];
  g[23] = a[23];
  g[24] = a[24];
  g[25] = a[25];
  g[26] = a[26];
  g[27] = a[27];
  g[28] = a[28];
  g[29] = a[29];
  g[30] = a[30];
  g[31] = a[31];
  g[32] = a[32];
  g[33] = a[33];
  g[34] = a[34];
  g[35] = a[35];
  g[36] = a[36];
  g[37] = a[37];
  g[38] = a[38];
  g[39] = a[39];
  g[40] = a[40];
  g[41] = a[41];
  g[42] = a[42];
  g[43] = a[43];
  g[44] = a[44];
  g[45] = a[45];
  g[46] = a[46];
  g[47] = a[47];
  g[48] = a[48];
  g[49] = a[49];
  g[50] = a[50];
  g[51] = a[51];
  g[52] = a[52];
  g[53] = a[53];
  g[54] = a[54];
  g[55] = a[55];
  g[56] = a[56];
  g[57] = a[57];
  g[58] = a[58];
  g[59] = a[59];
  g[60] = a[60];
  g[61] = a[61];
  g[62] = a[62];
  g[63] = a[63];
  g[64] = a[64];
  g[65] = a[65];
  g[66] = a[66];
  g[67] = a[67];
  g[68] = a[68];
  g[69] = a[69];
  g[70] = a[70];
  g[71] = a[71];
  g[72] = a[72];
  g[73] = a[73];
  g[74] = a[74];
  g[75] = a[75];
  g[76] = a[76];
  g[77] = a[77];
  g[78] = a[78];
  g[79] = a[79];
  g[80] = a[80];
  g[81] = a[81];
  g[82] = a[82];
  g[83] = a[83];
  g[84] = a[84];
  g[85] = a[85];
  g[86] = a[86];
  g[87] = a[87];
  g[88] = a[88];
  g[89] = a[89];
  g[90] = a[90];
  g[91] = a[91];
  g[92] = a[92];
  g[93] = a[93];
  g[94] = a[94];
  g[95] = a[95];
  g[96] = a[96];
  g[97] = a[97];
  g[98] = a[98];
  g[99] = a[99];
  g[100] = a[100];
  g[101] = a[101];
  g[102] = a[102];
  g[103] = a[103];
  g[104] = a[104];
  g[105] = a[105];
  g[106] = a[106];
  g[107] = a[107];
  g[108] = a[108];
  g[109] = a[109];
  g[110] = a[110];
  g[111] = a[111];
  g[112] = a[112];
  g[113] = a[113];
  g[114] = a[114];
  g[115] = a[115];
  g[116] = a[116];
  g[117] = a[117];
  g[118] = a[118];
  g[119] = a[119];
  g[120] = a[120];
  g[121] = a[121];
  g[122] = a[122];
  g[123] = a[123];
  g[124] = a[124];
  g[125] = a[125];
  g[126] = a[126];
  g[127] = a[127];
  g[128] = a[128];
  g[129] = a[129];
  g[130] = a[130];
  g[131] = a[131];
  g[132] = a[132];
  g[133] = a[133];
  g[134] = a[134];
  g[135] = a[135];
  g[136] = a[136];
  g[137] = a[137];
  g[138] = a[138];
  g[139] = a[139];
  g[140] = a[140];
  g[141] = a[141];
  g[142] = a[142];
  g[143] = 0;
  g[144] = a[144];
  g[145] = 0;
  g[146] = 0;
  g[147] = 0;
  g[148] = 0;
  g[149] = 0;
  g[150] = a[150];
  g[151] = a[151];
  g[152] = 0;
  g[153] = 0;
  g[154] = a[154];
  g[155] = 0;
  g[156] = 0;
  g[157] = 0;
  g[158] = 0;
  g[159] = a[159];
  g[160] = a[160];
  g[161] = a[161];
  g[162] = 0;
  g[163] = 0;
  g[164] = a[164];
  g[165] = 0;
  g[166] = a[166];
  g[167] = 0;
  g[168] = 0;
  g[169] = a[169];
  g[170] = 0;
  g[171] = 0;
  g[172] = 0;
  g[173] = 0;
  g[174] = 0;
  g[175] = 0;
  g[176] = 0;
  g[177] = 0;
  g[178] = 0;
  g[179] = 0;
  g[180] = 0;
  g[181] = 0;
  g[182] = 0;
  g[183] = 0;
  g[184] = 0;
  g[185] = 0;
  g[186] = 0;
  g[187] = 0;
  g[188] = 0;
  g[189] = 0;
  g[190] = 0;
  g[191] = 0;
  g[192] = 0;
  g[193] = 0;
  g[194] = 0;
  g[195] = 0;
  g[196] = 0;
  g[197] = 0;
  g[198] = 0;
  g[199] = 0;
  g[200] = a[200];
  g[201] = a[201];
  g[202] = a[202];
  g[203] = a[203];
  g[204] = a[204];
  g[205] = a[205];
  g[206] = a[206];
  g[207] = a[207];
  g[208] = a[208];
  g[209] = a[209];
  g[210] = a[210];
  g[211] = a[211];
  g[212] = a[212];
  g[213] = 0;
  g[214] = 0;
  g[215] = 0;
  g[216] = 0;
  g[217] = 0;
  g[218] = 0;
  g[219] = 0;
  g[220] = 0;
  g[221] = 0;
  g[222] = 0;
  g[223] = 0;
  g[224] = 0;
  g[225] = 0;
  g[226] = 0;
  g[227] = 0;
  g[228] = 0;
  g[229] = 0;
  g[230] = 0;
  g[231] = 0;
  g[232] = 0;
  g[233] = 0;
  g[234] = 0;
  g[235] = 0;
  g[236] = 0;
  g[237] = 0;
  g[238] = 0;
  g[239] = 0;
  g[240] = 0;
  g[241] = 0;
  g[242] = 0;
  g[243] = 0;
  g[244] = 0;
  g[245] = 0;
  g[246] = 0;
  g[247] = 0;
  g[248] = 0;
  g[249] = 0;
  g[250] = 0;
  g[251] = 0;
  g[252] = 0;
  g[253] = 0;
  g[254] = 0;
  g[255] = 0;
  g[256] = 0;
  g[257] = 0;
  g[258] = 0;
  g[259] = 0;
  g[260] = 0;
  g[261] = 0;
  g[262] = 0;
  g[263] = 0;
  g[264] = 0;
  g[265] = 0;
  g[266] = 0;
  g[267] = 0;
  g[268] = 0;
  g[269] = 0;
  g[270] = 0;
  g[271] = 0;
  g[272] = 0;
  g[273] = 0;
  g[274] = 0;
  g[275] = 0;
  g[276] = 0;
  g[277] = 0;
  g[278] = 0;
  g[279] = 0;
  g[280] = 0;
  g[281] = 0;
  g[282] = 0;
  g[283] = 0;
  g[284] = 0;
  g[285] = 0;
  g[286] = 0;
  g[287] = 0;
  g[288] = 0;
  g[289] = 0;
  g[290] = 0;
  g[291] = 0;
  g[292] = 0;
  g[293] = 0;
  g[294] = 0;
  g[295] = 0;
  g[296] = 0;
  g[297] = 0;
  g[298] = 0;
  g[299] = 0;
  g[300] = a[300];
  g[301] = a[301];
  g[302] = a[302];
  g[303] = a[303];
  g[304] = a[304];
  g[305] = a[305];
  g[306] = a[306];
  g[307] = a[307];
  g[308] = a[308];
  g[309] = a[309];
  g[310] = a[310];
  g[311] = 0;
  g[312] = 0;
  g[313] = 0;
  g[314] = 0;
  g[315] = 0;
  g[316] = 0;
  g[317] = 0;
  g[318] = 0;
  g[319] = 0;
  g[320] = a[320];
  g[321] = a[321];
  g[322] = a[322];
  g[323] = a[323];
  g[324] = a[324];
  g[325] = a[325];
  g[326] = a[326];
  g[327] = a[327];
  g[328] = a[328];
  g[329] = 0;
  g[330] = 0;
  g[331] = 0;
  g[332] = 0;
  g[333] = 0;
  g[334] = 0;
  g[335] = 0;
  g[336] = 0;
  g[337] = 0;
  g[338] = 0;
  g[339] = 0;
  g[340] = a[340];
  g[341] = a[341];
  g[342] = a[342];
  g[343] = a[343];
  g[344] = a[344];
  g[345] = a[345];
  g[346] = a[346];
  g[347] = a[347];
  g[348] = a[348];
  g[349] = 0;
  g[350] = 0;
  g[351] = 0;
  g[352] = 0;
  g[353] = 0;
  g[354] = 0;
  g[355] = 0;
  g[356] = 0;
  g[357] = 0;
  g[358] = 0;
  g[359] = 0;
  g[360] = 0;
  g[361] = 0;
  g[362] = 0;
  g[363] = 0;
  g[364] = 0;
  g[365] = 0;
  g[366] = 0;
  g[367] = 0;
  g[368] = 0;
  g[369] = 0;
  g[370] = 0;
  g[371] = 0;
  g[372] = 0;
  g[373] = 0;
  g[374] = 0;
  g[375] = 0;
  g[376] = 0;
  g[377] = 0;
  g[378] = 0;
  g[379] = 0;
  g[380] = 0;
  g[381] = 0;
  g[382] = 0;
  g[383] = 0;
  g[384] = 0;
  g[385] = 0;
  g[386] = 0;
  g[387] = 0;
  g[388] = 0;
  g[389] = 0;
  g[390] = 0;
  g[391] = 0;
  g[392] = 0;
  g[393] = 0;
  g[394] = 0;
  g[395] = 0;
  g[396] = 0;
  g[397] = 0;
  g[398] = 0;
  g[399] = a[399];
  return v[473];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_ababb14ac311bb255a41cf502b7bade3(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_ababb14ac311bb255a41cf502b7bade3_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
